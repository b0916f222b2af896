// Where the keys go when a page came by its address: to its heading, or where it has none to the page itself.

export function focusPage(): void {
  const page = document.querySelector<HTMLElement>('main.page')
  const heading = page?.querySelector<HTMLElement>('h2')
  if (heading) heading.tabIndex = -1
  ;(heading ?? page)?.focus({ preventScroll: true })
}
