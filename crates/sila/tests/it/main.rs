//! The program as a user meets it: the demo company and its facts on both databases, and the commands.

mod assistants;
mod commands;
mod demo;
mod interactions;
mod mail;
mod matrix;
mod nodes;
mod office;
mod phones;
