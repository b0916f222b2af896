//! Offices that stories are told about, by their GB/T 2260 codes.

use domain::OfficeCode;

pub const NINGXIA: &str = "640000";
pub const YINCHUAN: &str = "640100";
/// The three counties of the Ningxia stories: 永宁县, 贺兰县, 灵武市.
pub const COUNTIES: [&str; 3] = ["640121", "640122", "640181"];
pub const LIAONING: &str = "210000";
pub const SHENYANG: &str = "210100";

/// Panics on a malformed code: it is written in a test.
pub fn office(code: &str) -> OfficeCode {
    code.parse().expect("an office code")
}
