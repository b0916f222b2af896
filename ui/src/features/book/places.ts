// Another book in the window: every page begins anew with it, so that nothing of one book is ever shown or kept for another.

/** Begins anew, on the first page. */
export function beginAnew(): void {
  window.location.hash = '#/'
  window.location.reload()
}
