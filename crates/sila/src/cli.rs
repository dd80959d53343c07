//! What can be typed.

use crate::place::Place;
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Sila: customers, sales and service, Arabic first
#[derive(Parser, Debug)]
#[command(name = "sila", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Start the server of a company; a new folder begins with the first-run page
    Serve {
        #[command(flatten)]
        place: Place,
        /// Address and port [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// Make a demonstration company with two years of real trade, and serve it
    Demo {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        /// Make the company, do not start the server
        #[arg(long)]
        no_serve: bool,
    },
    /// Show what a new release would change in the database; do it with --apply
    Migrate {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        apply: bool,
        /// Also remove tables and columns that are no longer declared, with their data
        #[arg(long, requires = "apply")]
        lose: bool,
    },
    /// Show or change what the company is: name, currency, country, time zone, language
    Company {
        #[command(flatten)]
        place: Place,
        /// Name in Arabic
        #[arg(long)]
        name_ar: Option<String>,
        /// Name in Latin letters
        #[arg(long)]
        name: Option<String>,
        /// ISO 4217: SAR, EGP, GBP …; sums of money are in it
        #[arg(long)]
        currency: Option<String>,
        /// ISO 3166-1, two letters
        #[arg(long)]
        country: Option<String>,
        /// Asia/Riyadh, Africa/Cairo …
        #[arg(long)]
        zone: Option<String>,
        /// ar or en
        #[arg(long)]
        lang: Option<String>,
    },
    /// People who may sign in
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Keys for programs that use the API
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Bring a CSV or XLSX file into an object
    Import {
        #[command(flatten)]
        place: Place,
        /// The object: party, product, order, order_line …
        object: String,
        file: PathBuf,
        /// Which column becomes which field (JSON) [default: guessed from the headings]
        #[arg(long, value_name = "FILE")]
        map: Option<PathBuf>,
        /// Check every row, keep nothing
        #[arg(long)]
        dry_run: bool,
        /// Act as this user, with his rights [default: the system]
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Write the records of an object to a file
    Export {
        #[command(flatten)]
        place: Place,
        object: String,
        /// `.csv` or `.xlsx`
        file: PathBuf,
        /// Only records for which this holds: `country == "fr"`
        #[arg(long, value_name = "EXPR")]
        filter: Option<String>,
        /// Act as this user, with his rights [default: the system]
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Copy database and files into a new folder, while the server runs
    Backup {
        #[command(flatten)]
        place: Place,
        /// A folder that does not exist yet
        to: PathBuf,
    },
    /// Make a company from a backup; its database must be empty
    Restore {
        #[command(flatten)]
        place: Place,
        /// The folder of the backup
        from: PathBuf,
        /// The list of erased people of the company as it was last (`erased.jsonl`): they are erased again
        #[arg(long, value_name = "FILE")]
        erased: Option<PathBuf>,
    },
    /// Carry a company over to another database; the target must be empty
    Move {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long, value_name = "URL")]
        from: String,
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// Look for what is wrong: database, figures, search, files, jobs
    Doctor {
        #[command(flatten)]
        place: Place,
        /// Put right what can be put right
        #[arg(long)]
        fix: bool,
    },
    /// What is stored about a person
    Privacy {
        #[command(subcommand)]
        command: PrivacyCommand,
    },
    /// Who may see and do what, and why
    Access {
        #[command(subcommand)]
        command: AccessCommand,
    },
    /// What assistants have changed, session by session
    Run {
        #[command(subcommand)]
        command: RunCommand,
    },
    /// Who did what and who looked at whom, in a chain that cannot be changed unnoticed
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Objects of the company's own
    Object {
        #[command(subcommand)]
        command: ObjectCommand,
    },
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Make a user, or give an existing one this password and role
    Add {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        email: String,
        /// At least 10 characters [default: one is made and printed]
        #[arg(long, env = "SILA_PASSWORD", hide_env_values = true)]
        password: Option<String>,
        /// admin, manager, seller, agent, viewer, or a role of your own; may be given again
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Name in Arabic
        #[arg(long, default_value = "")]
        name_ar: String,
        /// Name in Latin letters [default: the part of the address before the @]
        #[arg(long, default_value = "")]
        name: String,
        /// ar or en [default: the company's]
        #[arg(long, default_value = "")]
        lang: String,
    },
    /// Everybody who may sign in, with roles
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Lock a user out at once; what he did stays
    Disable {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        email: String,
    },
    /// A link that lets an administrator in once, within ten minutes, when single sign-on does not work
    Door {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        email: String,
    },
    /// Let a user in again
    Enable {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        email: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum TokenCommand {
    /// Make a token that acts for a user, and print it; it cannot be shown again
    Create {
        #[command(flatten)]
        place: Place,
        /// E-mail of the user
        #[arg(long)]
        user: String,
        #[arg(long, default_value = "sila token create")]
        name: String,
        /// read, propose, confirm, write, admin, or `object:verb`; may be given again [default: all the user may do]
        #[arg(long = "scope")]
        scopes: Vec<String>,
    },
}

#[derive(Subcommand, Debug)]
pub enum PrivacyCommand {
    /// Look through every table and file for a person's values, in every form in which they are stored
    Scan {
        #[command(flatten)]
        place: Place,
        /// Id or customer number
        #[arg(long)]
        party: Option<String>,
        /// Look for these words too
        words: Vec<String>,
    },
    /// Print the link to a person's contact preferences
    Link {
        #[command(flatten)]
        place: Place,
        /// Id or customer number
        #[arg(long)]
        party: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum AccessCommand {
    /// Say whether a user may do something with a record, and why
    Explain {
        #[command(flatten)]
        place: Place,
        /// E-mail of the user
        #[arg(long)]
        user: String,
        /// party, order …
        #[arg(long)]
        object: String,
        /// The record [default: any of the object]
        #[arg(long)]
        id: Option<String>,
        /// read, create, update, delete, import, export, share, comment, or an action
        #[arg(long, default_value = "read")]
        verb: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum RunCommand {
    /// The runs of assistants, the latest first
    List {
        #[command(flatten)]
        place: Place,
        /// Only those of this user
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Put back all that a run changed; nothing where somebody has changed some of it since
    Undo {
        #[command(flatten)]
        place: Place,
        /// As `sila run list` names it
        id: String,
        /// Act as this user [default: the system]
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Check the chain: what was changed, removed, slipped in or cut off; ends with an error where something was
    Verify {
        #[command(flatten)]
        place: Place,
        /// Heads that were written down elsewhere [default: audit-anchors.txt in the company's folder]
        #[arg(long, value_name = "FILE")]
        anchors: Option<PathBuf>,
    },
    /// Seal what is new, write the head of the chain down and print it
    Head {
        #[command(flatten)]
        place: Place,
    },
    /// Write every line to a new file, one JSON object a line
    Export {
        #[command(flatten)]
        place: Place,
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
pub enum ObjectCommand {
    /// Show what the changes in a file would do to the database
    Plan {
        #[command(flatten)]
        place: Place,
        /// One change or a list of them (JSON): put_object, remove_object, put_field, remove_field
        file: PathBuf,
    },
    /// Do the changes in a file
    Apply {
        #[command(flatten)]
        place: Place,
        file: PathBuf,
        /// Even if data is lost
        #[arg(long)]
        lose: bool,
    },
    /// Remove an object of the company's own
    Remove {
        #[command(flatten)]
        place: Place,
        object: String,
        /// Even if data is lost
        #[arg(long)]
        lose: bool,
    },
}
