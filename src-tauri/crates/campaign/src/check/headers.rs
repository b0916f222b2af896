//! Whether the header paths of a form's columns make one tree that covers them all.

use domain::Notice;

use super::found::Found;
use crate::model::Column;
use crate::source::Path;

/// `root` is where the columns stand.
pub(super) fn check(columns: &[Column], root: &Path, found: &mut Found) {
    for (index, column) in columns.iter().enumerate() {
        let path = root.at(index).key("header");
        if column.header.is_empty() {
            found.add(&path, Notice::new("header-empty").with("column", &column.id));
        }
        for (level, words) in column.header.iter().enumerate() {
            if words.trim().is_empty() {
                found.add(&path.at(level), Notice::new("header-empty").with("column", &column.id));
            }
        }
        let earlier = &columns[..index];
        if let Some(other) = earlier.iter().find(|other| other.header == column.header && !column.header.is_empty()) {
            let notice = Notice::new("header-twice").with("column", &column.id).with("other", &other.id);
            found.add(&path, notice);
            continue;
        }
        if let Some(other) = earlier.iter().find(|other| collide(&other.header, &column.header)) {
            let notice = Notice::new("header-leaf-is-group").with("column", &column.id).with("other", &other.id);
            found.add(&path, notice);
            continue;
        }
        for depth in 1..column.header.len() {
            let group = &column.header[..depth];
            let within = |other: &Column| other.header.len() > depth && other.header[..depth] == *group;
            if index > 0 && !within(&columns[index - 1]) && earlier.iter().any(within) {
                let words = &column.header[depth - 1];
                let notice = Notice::new("header-group-split").with("column", &column.id).with("value", words);
                found.add(&path.at(depth - 1), notice);
                break;
            }
        }
    }
}

/// One column's own words are another's group.
fn collide(one: &[String], other: &[String]) -> bool {
    !one.is_empty() && !other.is_empty() && one != other && (other.starts_with(one) || one.starts_with(other))
}
