//! `sila`: see `sila --help`.

use clap::Parser;
use sila::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sila: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(sila::commands::run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{}", sila::commands::complaint(&fault));
            ExitCode::FAILURE
        }
    }
}
