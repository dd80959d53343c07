//! The program: which modules a company has, how it is configured and started, and the commands of the terminal.
//!
//! - [`cli`]: what can be typed; [`commands`]: what it does; [`config`]: file and environment;
//! - [`modules`]: the one list of modules; [`place`]: opening a company;
//! - [`serve`]: the server, its health and its measures; [`telemetry`]: logs;
//! - [`demo`]: a company with two years of real trade.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::indexing_slicing))]

pub mod cli;
pub mod commands;
pub mod config;
mod gate;
pub mod demo;
pub mod modules;
pub mod place;
pub mod serve;
pub mod telemetry;
