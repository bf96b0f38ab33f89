//! Ctrl-C: one flag, at which every computation looks.
//!
//! The one idea: the first Ctrl-C asks what is running to stop and to tell what it covered. A second
//! one, before anybody has taken notice of the first, ends the process as if nobody had listened.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Once};

/// The exit code of a process that Ctrl-C ends, as shells have it.
const ENDED: i32 = 130;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
static LISTEN: Once = Once::new();

/// Has Ctrl-C raise the flag from now on.
pub fn listen() {
    LISTEN.call_once(|| {
        // Where there are no signals, Ctrl-C does what it did before.
        let _ = ctrlc::set_handler(|| {
            if ASKED.swap(true, Ordering::Relaxed) {
                std::process::exit(ENDED);
            }
        });
    });
}

/// The flag.
#[must_use]
pub fn flag() -> Arc<AtomicBool> {
    Arc::clone(&ASKED)
}

/// Whether the flag is up.
#[must_use]
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Lowers the flag: what it asked for is done.
pub fn clear() {
    ASKED.store(false, Ordering::Relaxed);
}
