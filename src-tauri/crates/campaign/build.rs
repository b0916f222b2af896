//! The data files are embedded by folder, and a folder's new file would otherwise not be noticed.

fn main() {
    for folder in ["campaigns", "fields", "vocabulary", "divisions", "workdays"] {
        println!("cargo::rerun-if-changed=../../../assets/{folder}");
    }
}
