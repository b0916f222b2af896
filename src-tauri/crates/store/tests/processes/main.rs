//! Books that several processes work on, one of which is killed, told what to do, or runs into a disk that fails. The other
//! process is this binary, run again with a task: words between bars, of which the first says what to do and the second on
//! which book.

mod faults;
mod locks;
mod places;

use std::path::Path;
use std::process::ExitCode;

fn process(task: &str) {
    let words: Vec<&str> = task.split('|').collect();
    match words[..] {
        ["hold", path] => locks::hold(Path::new(path)),
        ["serve", path] => places::serve(Path::new(path)),
        _ => faults::work(&words),
    }
}

fn main() -> ExitCode {
    testkit::harness::main(
        testkit::tests![
            faults::killed_while_saving,
            faults::killed_while_making_a_book,
            faults::killed_while_importing,
            faults::files_that_may_not_grow_while_making_a_book,
            faults::files_that_may_not_grow_while_saving,
            faults::files_that_may_not_grow_while_importing,
            faults::files_that_may_not_grow_while_backing_up,
            faults::a_full_disk,
            locks::a_second_process_is_told_who_has_the_book,
            locks::damage_after_an_unclean_exit_is_found_every_time,
            places::a_book_renamed_or_moved_while_it_is_open_loses_nothing,
            places::a_book_moved_from_a_holder_that_is_killed_is_whole,
            places::a_second_name_is_refused_and_the_first_goes_on,
            #[cfg(unix)]
            places::a_link_to_a_book_is_the_book,
            places::a_book_put_in_the_place_of_an_open_one_stays_as_it_is,
        ],
        process,
    )
}
