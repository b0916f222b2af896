//! How exact integers are written out: 万, 万元 and rates, in integer arithmetic. Totals are taken before, from exact values.

use std::fmt;

/// `value / 10^scale`. Written without trailing zeros, unless it was given its number of decimals. An empty count is `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub value: i64,
    /// How many decimals are written.
    pub scale: u32,
}

/// The dash printed for a rate over nothing.
pub const NO_RATE: &str = "—";

impl Decimal {
    /// `exact / 10^power`, rounded half up (away from zero) to at most 4 decimals.
    pub fn of(exact: i64, power: u32) -> Self {
        let mut scale = power.min(4);
        let mut value = divide(i128::from(exact), 10_i128.pow(power.min(30) - scale));
        while scale > 0 && value % 10 == 0 {
            value /= 10;
            scale -= 1;
        }
        Decimal { value: saturate(value), scale }
    }

    /// `exact / 10^power`, rounded half up (away from zero) to exactly so many decimals: 6.50 of two.
    pub fn fixed(exact: i64, power: u32, decimals: u32) -> Self {
        let scale = decimals.min(power);
        Decimal { value: saturate(divide(i128::from(exact), 10_i128.pow((power - scale).min(30)))), scale }
    }

    /// `exact / 10^power` with every decimal it has, trailing zeros left out.
    pub fn exact(exact: i64, power: u32) -> Self {
        let (mut value, mut scale) = (exact, power);
        while scale > 0 && value % 10 == 0 {
            value /= 10;
            scale -= 1;
        }
        Decimal { value, scale }
    }

    /// 万: pieces / 10,000.
    pub fn ten_thousand(pieces: i64) -> Self {
        Decimal::of(pieces, 4)
    }

    /// 万元: fen / 1,000,000.
    pub fn ten_thousand_yuan(fen: i64) -> Self {
        Decimal::of(fen, 6)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.value, self.scale)
    }
}

/// A rate in hundredths of a percent, written with two decimals and `%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub hundredths: i64,
}

impl Rate {
    /// `part / whole`, half up (away from zero); `None` over nothing, which prints [`NO_RATE`].
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        Some(Rate { hundredths: saturate(divide(part * 10_000 * whole.signum(), whole.abs())) })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.hundredths, 2)?;
        f.write_str("%")
    }
}

/// Nearest integer to `number / divisor`, halves away from zero; `divisor` is positive.
fn divide(number: i128, divisor: i128) -> i128 {
    let magnitude = number.abs();
    let nearest = magnitude / divisor + i128::from(magnitude % divisor >= divisor - magnitude % divisor);
    nearest * number.signum()
}

fn saturate(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn write_scaled(f: &mut fmt::Formatter<'_>, value: i64, scale: u32) -> fmt::Result {
    if scale == 0 {
        return write!(f, "{value}");
    }
    let unit = 10_u64.pow(scale);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    write!(f, "{sign}{}.{:0width$}", magnitude / unit, magnitude % unit, width = scale as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_of_two_decimals_has_two_everywhere() {
        for (fen, text) in [
            (5_469_000, "5.47"),
            (6_087_700, "6.09"),
            (6_500_000, "6.50"),
            (4_000_000, "4.00"),
            (0, "0.00"),
            (-5_000, "-0.01"),
        ] {
            assert_eq!(Decimal::fixed(fen, 6, 2).to_string(), text, "{fen}");
        }
        assert_eq!(Decimal::fixed(1_500_000, 6, 0).to_string(), "2");
        assert_eq!(Decimal::fixed(15, 0, 2).to_string(), "15", "a count has none");
        assert_eq!(Decimal::fixed(i64::MAX, 6, 4).to_string(), "9223372036854.7758");
    }

    #[test]
    fn an_exact_figure_keeps_every_decimal() {
        for (fen, text) in [
            (0, "0"),
            (1, "0.000001"),
            (1_234_550, "1.23455"),
            (1_234_567, "1.234567"),
            (12_500_000, "12.5"),
            (-1_500_000, "-1.5"),
            (i64::MAX, "9223372036854.775807"),
        ] {
            assert_eq!(Decimal::exact(fen, 6).to_string(), text, "{fen}");
        }
        assert_eq!(Decimal::exact(15, 0).to_string(), "15");
    }

    #[test]
    fn ten_thousand_yuan_is_rounded_half_up_to_four_decimals() {
        for (fen, text) in [
            (0, "0"),
            (1, "0"),
            (49, "0"),
            (50, "0.0001"),
            (149, "0.0001"),
            (150, "0.0002"),
            (1_000_000, "1"),
            (1_234_500, "1.2345"),
            (1_234_550, "1.2346"),
            (12_000_000, "12"),
            (12_500_000, "12.5"),
            (99_999_950, "100"),
            (-50, "-0.0001"),
            (-49, "0"),
            (-1_500_000, "-1.5"),
            (i64::MAX, "9223372036854.7758"),
            (i64::MIN, "-9223372036854.7758"),
        ] {
            assert_eq!(Decimal::ten_thousand_yuan(fen).to_string(), text, "{fen}");
        }
    }

    #[test]
    fn ten_thousand_pieces_are_exact() {
        for (pieces, text) in
            [(0, "0"), (1, "0.0001"), (10, "0.001"), (5_000, "0.5"), (123_456, "12.3456"), (-20_000, "-2")]
        {
            assert_eq!(Decimal::ten_thousand(pieces).to_string(), text);
        }
    }

    #[test]
    fn rates_have_two_decimals_and_no_value_over_nothing() {
        let rate = |part, whole| Rate::of(part, whole).map_or(NO_RATE.to_owned(), |rate| rate.to_string());
        assert_eq!(rate(0, 0), "—");
        assert_eq!(rate(3, 0), "—");
        assert_eq!(rate(0, 7), "0.00%");
        assert_eq!(rate(1, 3), "33.33%");
        assert_eq!(rate(2, 3), "66.67%");
        assert_eq!(rate(1, 8), "12.50%");
        assert_eq!(rate(1, 20_000), "0.01%", "0.005 is rounded up");
        assert_eq!(rate(5, 5), "100.00%");
        assert_eq!(rate(-1, 3), "-33.33%");
        assert_eq!(rate(i64::MAX, i64::MAX), "100.00%");
    }

    proptest! {
        #[test]
        fn printing_is_the_nearest_ten_thousandth(fen in any::<i64>()) {
            let decimal = Decimal::ten_thousand_yuan(fen);
            let in_ten_thousandths = i128::from(decimal.value) * 10_i128.pow(4 - decimal.scale);
            let error = i128::from(fen) - in_ten_thousandths * 100;
            prop_assert!(error.abs() <= 50);
            prop_assert!(decimal.scale == 0 || decimal.value % 10 != 0);
            prop_assert_eq!(Decimal::ten_thousand_yuan(fen.saturating_neg()).value, decimal.value.saturating_neg());
        }
    }
}
