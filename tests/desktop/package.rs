//! The .deb: what it installs, what it needs, and that what it installs opens.

use std::path::Path;
use std::process::Command;

use crate::window::Window;
use crate::{ENTER, NOW, built};

fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[tokio::test]
async fn what_the_package_installs_opens_and_leaves_the_book_behind() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let place = tempfile::tempdir().unwrap();
    let programs = built("sweepbook");
    let programs = programs.parent().unwrap().to_str().unwrap();
    let out = place.path().join("out");
    let packed =
        run(top.join(".ci/package").to_str().unwrap(), &[programs, out.to_str().unwrap(), "none"]).trim().to_owned();

    let needs = run("dpkg-deb", &["--field", &packed, "Depends"]);
    for needed in ["libwebkit2gtk-4.1-0", "libgtk-3-0", "libc6", "fonts-noto-cjk"] {
        assert!(needs.contains(needed), "{needed} in {needs}");
    }
    let control = run("dpkg-deb", &["--info", &packed]);
    for script in ["preinst", "postinst", "prerm", "postrm"] {
        assert!(!control.contains(script), "nothing runs at installing or removing");
    }
    let listed = run("dpkg-deb", &["--contents", &packed]);
    assert!(listed.lines().all(|line| line.contains("root/root")), "everything belongs to root: {listed}");

    let root = place.path().join("root");
    run("dpkg-deb", &["--extract", &packed, root.to_str().unwrap()]);
    let desktop = std::fs::read_to_string(root.join("usr/share/applications/sweepbook.desktop")).unwrap();
    let types = std::fs::read_to_string(root.join("usr/share/mime/packages/sweepbook.xml")).unwrap();
    assert!(desktop.contains("Name[zh_CN]=排查台账"));
    let opened = desktop.lines().find_map(|line| line.strip_prefix("MimeType=")).unwrap();
    for kind in opened.split(';').filter(|kind| !kind.is_empty()) {
        assert!(types.contains(&format!("type=\"{kind}\"")), "{kind} is declared");
    }
    for ending in ["*.sweep", "*.invite"] {
        assert!(types.contains(ending));
    }
    assert!(root.join("usr/share/icons/hicolor/128x128/apps/sweepbook.png").is_file());
    assert!(run(root.join("usr/bin/sweepctl").to_str().unwrap(), &["--version"]).contains(env!("CARGO_PKG_VERSION")));

    let home = place.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let window = Window::open_with(&home, &[("SWEEPBOOK_NOW", NOW)], &root.join("usr/bin/sweepbook"), &[]).await;
    window.type_into("[data-field=office] input", &format!("640121{ENTER}")).await;
    window.press(&format!("永宁县市场监督管理局{ENTER}")).await;
    window.press(&format!("张三{ENTER}")).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window.close().await;
    // Removing the package removes what it brought, all of it under one root that no book is in.
    std::fs::remove_dir_all(&root).unwrap();
    assert!(home.join("data/sweepbook/Sweepbook.book").is_file());
}
