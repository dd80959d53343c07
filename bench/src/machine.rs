//! What it was measured on, and the CPU time of processes.

use std::collections::HashMap;
use std::fs;

pub fn describe() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|l| l.strip_prefix("model name")).map_or("unknown CPU", |l| l.trim_start_matches([' ', '\t', ':']));
    let cores = cpu.lines().filter(|l| l.starts_with("processor")).count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total: u64 = memory.lines().next().and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse().ok()).unwrap_or(0);
    let busy = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split_whitespace().next().unwrap_or("?").to_owned();
    format!("{model}, {cores} cores, {} GiB; load of the machine at the beginning: {busy}", total / 1024 / 1024)
}

/// User and system time so far, in milliseconds, of a process (all threads).
pub fn cpu_ms(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    // USER_HZ is 100 on every Linux that Rust supports.
    ticks as f64 * 10.0
}

/// CPU time of each of these processes.
pub fn each_cpu_ms(pids: &[u32]) -> HashMap<u32, f64> {
    pids.iter().map(|pid| (*pid, cpu_ms(*pid))).collect()
}

/// Resident memory in KiB.
pub fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS"));
    line.and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse().ok()).unwrap_or(0)
}
