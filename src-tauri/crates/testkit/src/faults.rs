//! Making processes and disks fail without touching the code under test: a test binary runs itself again as a child process
//! (see [`crate::harness`]), which is then killed, or is given a limit on file sizes (`ulimit -f`: a write beyond it fails with EFBIG), or works on a disk
//! of a few hundred kilobytes (a tmpfs, where mounting is permitted: ENOSPC), or on one that loses a byte of what it was given.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use crate::harness::TASK;

/// Lines a child prints for its parent start with this; what else it prints is not for the parent.
const MARK: &str = "@@ ";

/// In the child: tells the parent something, at once.
pub fn tell(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    // A parent that is gone wants no answer.
    let _ = writeln!(out, "\n{MARK}{text}").and_then(|()| out.flush());
}

/// In the child: stays until the parent kills it, or is gone itself.
pub fn wait_for_the_end() {
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

/// In the child: the next thing the parent says; `None` when it says no more.
pub fn heard() -> Option<String> {
    std::io::stdin().lines().next()?.ok()
}

/// A child process: the running test binary, given a task.
pub struct Helper {
    child: Child,
    told: std::io::Lines<BufReader<ChildStdout>>,
    said: ChildStdin,
}

impl Helper {
    /// Runs this binary, whose `main` is [`crate::harness::main`].
    pub fn start(task: &str) -> Self {
        Self::spawn(Command::new(own_binary()), task)
    }

    /// The same, where no file may grow beyond `blocks` times 512 bytes.
    pub fn start_limited(task: &str, blocks: u64) -> Self {
        let mut shell = Command::new("/bin/sh");
        // The signal's default is to end the process; ignored, the write itself fails.
        shell.args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "limited", &blocks.to_string()]);
        shell.arg(own_binary());
        Self::spawn(shell, task)
    }

    fn spawn(mut command: Command, task: &str) -> Self {
        let mut child = command
            .args([TASK, task])
            // Open for as long as the parent lives.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the test binary starts");
        let told = BufReader::new(child.stdout.take().expect("piped")).lines();
        let said = child.stdin.take().expect("piped");
        Helper { child, told, said }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Says something to the child, which hears it by [`heard`].
    pub fn say(&mut self, text: &str) {
        use std::io::Write;
        writeln!(self.said, "{text}").expect("the child lives");
    }

    /// The next thing the child tells; `None` when it has ended.
    pub fn hear(&mut self) -> Option<String> {
        self.told.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix(MARK).map(str::to_owned))
    }

    /// SIGKILL: no destructor runs. Returns what was still in the pipe: told before the end, so acknowledged.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("killed");
        self.child.wait().expect("waited");
        std::iter::from_fn(|| self.hear()).collect()
    }

    /// Waits for the end; everything told until then, and how it ended.
    pub fn finish(mut self) -> (Vec<String>, ExitStatus) {
        let told = std::iter::from_fn(|| self.hear()).collect();
        (told, self.child.wait().expect("waited"))
    }
}

fn own_binary() -> PathBuf {
    std::env::current_exe().expect("the test binary has a path")
}

/// A disk of a fixed size, unmounted when dropped, even while a program that is just ending still has a file on it open.
pub struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` where this process may not mount; the caller says so and goes another way.
    pub fn mount(kibibytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kibibytes}k"), "sweepbook-test"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then_some(SmallDisk { folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// From now on nothing can be written there.
    pub fn protect(&self) {
        self.remount("remount,ro");
    }

    /// Gives the disk another size, as when someone deletes other files.
    pub fn resize(&self, kibibytes: u64) {
        self.remount(&format!("remount,size={kibibytes}k"));
    }

    fn remount(&self, how: &str) {
        let status = Command::new("mount").args(["-o", how]).arg(self.folder.path()).status().expect("mount runs");
        assert!(status.success(), "a mounted disk can be mounted again");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

/// A disk in a file, of which a byte can be lost behind the system's back: it goes on remembering what it wrote, and only who
/// reads the disk itself finds the difference.
pub struct LossyDisk {
    image: PathBuf,
    mounted: PathBuf,
    _folder: tempfile::TempDir,
}

impl LossyDisk {
    const BLOCK: u64 = 4096;

    /// `None` where this process may not mount; the caller says so and goes another way.
    pub fn mount(mebibytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (image, mounted) = (folder.path().join("image"), folder.path().join("mounted"));
        std::fs::create_dir(&mounted).expect("a folder");
        std::fs::File::create(&image).and_then(|file| file.set_len(mebibytes << 20)).expect("room for a disk");
        let ran = |command: &mut Command| command.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        let block = Self::BLOCK.to_string();
        let made = ran(Command::new("mkfs.ext4").args(["-q", "-F", "-b", &block]).arg(&image))
            && ran(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&mounted));
        made.then_some(LossyDisk { image, mounted, _folder: folder })
    }

    pub fn path(&self) -> &Path {
        &self.mounted
    }

    /// From now on the byte there of a file that has been synced is another one on the disk.
    pub fn lose(&self, file: &Path, at: u64) {
        use std::os::unix::fs::FileExt;
        let told = Command::new("filefrag").arg(format!("-vb{}", Self::BLOCK)).arg(file).output().expect("filefrag");
        let told = String::from_utf8(told.stdout).expect("text");
        // A line for each piece: its number, its first and last block in the file, its first and last on the disk.
        let place = told.lines().find_map(|line| {
            let mut numbers = line.split([':', '.', ' ']).filter_map(|word| word.parse::<u64>().ok());
            let (_, first, last, there) = (numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?);
            (first..=last).contains(&(at / Self::BLOCK)).then(|| (there - first) * Self::BLOCK + at)
        });
        let place = place.unwrap_or_else(|| panic!("byte {at} is nowhere: {told}"));
        let image = std::fs::OpenOptions::new().read(true).write(true).open(&self.image).expect("the disk");
        let mut byte = [0];
        image.read_exact_at(&mut byte, place).expect("a byte");
        image.write_all_at(&[!byte[0]], place).expect("another");
    }
}

impl Drop for LossyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.mounted).status();
    }
}

/// A small, seeded source of chance for what need not shrink: which moment to kill at, which order to deliver in.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// Splitmix64 (Steele, Lea and Flood, 2014).
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }
}
