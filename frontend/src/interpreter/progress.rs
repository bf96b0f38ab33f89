//! A line on the terminal that says how far a search is, or executions are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rewriter::search::{Progress, Search};

/// Shows progress until it is stopped.
pub(super) struct Watcher {
    done: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// Short searches show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

impl Watcher {
    /// Begins to watch a search that has not begun.
    pub(super) fn start(search: &mut Search) -> Watcher {
        let progress = Arc::new(Progress::default());
        search.watch(Arc::clone(&progress));
        Watcher::watch(move || {
            format!(
                "{} states, {} transitions, depth {}",
                progress.states.load(Ordering::Relaxed),
                progress.transitions.load(Ordering::Relaxed),
                progress.depth.load(Ordering::Relaxed)
            )
        })
    }

    /// Begins to watch what can be said in a line.
    pub(super) fn watch(line: impl Fn() -> String + Send + 'static) -> Watcher {
        let done = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&done);
        let thread = std::thread::spawn(move || show(&line, &flag));
        Watcher { done, thread }
    }

    /// Ends the line.
    pub(super) fn stop(self) {
        self.done.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        // A thread that only draws has nothing to say when it fails.
        let _ = self.thread.join();
    }
}

fn show(line: &dyn Fn() -> String, done: &AtomicBool) {
    std::thread::park_timeout(PATIENCE);
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        bar.set_message(line());
        bar.tick();
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}
