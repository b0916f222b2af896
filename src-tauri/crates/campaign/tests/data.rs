//! Divisions and working days, against facts from outside the data.

use domain::Date;
use sweepbook_campaign as campaign;

use campaign::Library;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn divisions() {
    let library = Library::builtin();
    let divisions = library.divisions();
    assert_eq!(divisions.name("640121"), Some("永宁县"));
    assert_eq!(divisions.name("210100"), Some("沈阳市"));
    assert_eq!(divisions.name("410703"), Some("卫滨区"));
    assert_eq!(divisions.full_name("640121").unwrap(), "宁夏回族自治区银川市永宁县");
    assert_eq!(divisions.full_name("110105").unwrap(), "北京市朝阳区");
    for (above, name) in [
        ("000000", "宁夏回族自治区银川市永宁县"),
        ("640000", "银川市永宁县"),
        ("640100", "永宁县"),
        ("640121", "永宁县"),
        ("640122", "宁夏回族自治区银川市永宁县"),
        ("210000", "宁夏回族自治区银川市永宁县"),
    ] {
        assert_eq!(divisions.name_under("640121", above).unwrap(), name, "{above}");
    }
    assert_eq!(divisions.name_under("110105", "110000").unwrap(), "朝阳区");
    assert_eq!(divisions.name_under("110100", "110100").unwrap(), "市辖区");
    assert_eq!(divisions.name_under("330103", "330100").unwrap(), "下城区", "as it was called while it stood");
    assert_eq!(divisions.name_under("649999", "640000"), None);
    assert_eq!(divisions.parents("640121"), ["640100", "640000", "000000"]);
    assert_eq!(divisions.parents("640000"), ["000000"]);
    assert!(divisions.parents("000000").is_empty());
    assert!(!divisions.exists("649999") && !divisions.exists("640121-01") && !divisions.exists(""));
    assert!(divisions.exists("330103") && divisions.is_abolished("330103"), "下城区 stood until 2021");
    assert!(!divisions.is_abolished("330113"), "临平区 stands since");
    assert_eq!(divisions.cut_off(), day("2023-06-30"));
    let counts = divisions.iter().filter(|(code, _)| code.ends_with("0000")).count();
    assert_eq!(counts, 35, "34 provinces and the nation");
    assert!(divisions.iter().count() > 3_200);
    assert!(!divisions.iter().any(|(_, name)| name.ends_with("开发区")), "statistical zones are no divisions");
}

#[test]
fn provinces_are_printed_short() {
    let library = Library::builtin();
    for (code, short) in [
        ("640121", "宁夏"),
        ("640000-01", "宁夏"),
        ("210100", "辽宁"),
        ("150000", "内蒙古"),
        ("650000", "新疆"),
        ("450000", "广西"),
        ("540000", "西藏"),
        ("110000", "北京"),
        ("500000", "重庆"),
        ("230000", "黑龙江"),
        ("810000", "香港"),
        ("710000", "台湾"),
    ] {
        assert_eq!(library.divisions().province_short(code), Some(short), "{code}");
    }
    assert_eq!(library.divisions().province_short("000000"), None);
    assert_eq!(library.divisions().province_short("990000"), None);
    assert_eq!(library.divisions().province_short("中"), None);
}

#[test]
fn twenty_working_days() {
    let library = Library::builtin();
    for (start, end) in [("2026-09-21", "2026-10-26"), ("2026-02-10", "2026-03-16"), ("2026-04-28", "2026-05-28")] {
        let found = library.calendar().add_working_days(day(start), 20);
        assert_eq!((found.day, found.provisional), (day(end), false), "{start}");
    }
    for year in 2019..=2026 {
        assert!(library.calendar().knows(year) && library.calendar().source(year).is_some(), "{year}");
    }
}

#[test]
fn the_start_day_does_not_count() {
    let library = Library::builtin();
    let calendar = library.calendar();
    assert_eq!(calendar.add_working_days(day("2021-06-07"), 0).day, day("2021-06-07"));
    assert_eq!(calendar.add_working_days(day("2021-06-07"), 1).day, day("2021-06-08"));
    assert_eq!(calendar.add_working_days(day("2021-06-11"), 1).day, day("2021-06-15"), "Dragon Boat Festival between");
    assert!(calendar.is_working_day(day("2021-09-26")), "a Sunday made a working day");
    assert!(!calendar.is_working_day(day("2021-10-07")));
}

#[test]
fn a_year_without_data_is_provisional() {
    let library = Library::builtin();
    let calendar = library.calendar();
    assert!(!calendar.knows(2030));
    let found = calendar.add_working_days(day("2030-01-04"), 1);
    assert_eq!((found.day, found.provisional), (day("2030-01-07"), true), "weekends only");
    assert!(calendar.add_working_days(day("2026-12-30"), 3).provisional, "the turn of the year is enough");
    assert!(!calendar.add_working_days(day("2026-12-01"), 3).provisional);
}
