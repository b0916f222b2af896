//! How a spreadsheet writes a number.

/// A number as a spreadsheet holds it: fifteen digits, and no more than there are. From 10¹⁵ on its last digits are lost,
/// and it is written as the spreadsheet would, for whoever reads it to notice.
pub fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.abs() >= 1e15 {
        return format!("{number:.5E}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}
