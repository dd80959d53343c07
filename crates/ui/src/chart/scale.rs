//! Round numbers for axes.

/// A scale from `min` (at most 0) to a round number not below `max`, with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub min: f64,
    pub max: f64,
    pub ticks: Vec<f64>,
}

impl Scale {
    /// About `steps` ticks at 1, 2, 2.5 or 5 times a power of ten.
    pub fn new(min: f64, max: f64, steps: u8) -> Self {
        let low = min.min(0.0);
        let high = max.max(0.0);
        let span = if high - low > 0.0 { high - low } else { 1.0 };
        let raw = span / f64::from(steps.max(1));
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|m| m * power)
            .find(|s| *s >= raw * 0.999)
            .unwrap_or(10.0 * power);
        let (first, last) = ((low / step).floor(), (high.max(low + span * 0.01) / step).ceil());
        let mut ticks = Vec::new();
        let mut i = first;
        while i <= last + 0.5 {
            ticks.push(i * step);
            i += 1.0;
        }
        Self { min: first * step, max: last * step, ticks }
    }

    /// Where `value` lies between `from` (the minimum) and `to` (the maximum).
    pub fn at(&self, value: f64, from: f64, to: f64) -> f64 {
        let span = self.max - self.min;
        if span <= 0.0 { from } else { from + (value - self.min) / span * (to - from) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_up() {
        let s = Scale::new(0.0, 83_000.0, 4);
        assert_eq!((s.min, s.max), (0.0, 100_000.0));
        assert_eq!(s.ticks, [0.0, 25_000.0, 50_000.0, 75_000.0, 100_000.0]);
        assert_eq!(s.at(50_000.0, 200.0, 0.0), 100.0);
    }

    #[test]
    fn negative_and_nothing() {
        let s = Scale::new(-30.0, 60.0, 4);
        assert!(s.min <= -30.0 && s.max >= 60.0);
        let empty = Scale::new(0.0, 0.0, 4);
        assert!(empty.max > empty.min && empty.ticks.len() < 10);
    }
}
