//! The data files are embedded by folder, and a folder's new file would otherwise not be noticed.

fn main() {
    for folder in ["messages", "demo"] {
        println!("cargo::rerun-if-changed=../../../assets/{folder}");
    }
}
