// The manual as sections that can be listed and searched. It is our own text, read as Markdown with raw HTML off, so that
// nothing in it is ever markup of the page.

import MarkdownIt from 'markdown-it'

export interface Section {
  id: string
  /** 1 for the title, 2 for a part, 3 for a section of it. */
  level: number
  title: string
  html: string
  /** Everything it says, without marks, for searching. */
  text: string
}

const markdown = new MarkdownIt({ html: false, linkify: false })

/** Cuts the text at its headings, and renders each piece. */
export function sectionsOf(source: string): Section[] {
  const sections: Section[] = []
  for (const piece of source.split(/^(?=#{1,3} )/m)) {
    const heading = /^(#{1,3}) (.*)\n?/.exec(piece)
    if (!heading) continue
    const [whole, marks = '', title = ''] = heading
    const body = piece.slice(whole.length)
    sections.push({
      id: `manual-${sections.length}`,
      level: marks.length,
      title: title.trim(),
      html: markdown.render(body),
      text: `${title}\n${body.replace(/[*`|#>]|^\s*[-\d.]+\s/gm, '')}`.toLowerCase(),
    })
  }
  return sections
}

/** The sections that hold every word of what was typed. */
export function sectionsWith(sections: Section[], typed: string): Section[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return sections
  return sections.filter((section) => words.every((word) => section.text.includes(word)))
}

/** Marks each place a word stands at, in the texts below an element; never in markup. */
export function markWords(root: HTMLElement, typed: string): void {
  const words = typed.split(/\s+/).filter((word) => word !== '')
  for (const word of words) markWord(root, word.toLowerCase())
}

function markWord(root: HTMLElement, word: string): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) texts.push(walker.currentNode as Text)
  for (const text of texts) {
    let rest = text
    let at = rest.data.toLowerCase().indexOf(word)
    while (at !== -1 && !rest.parentElement?.closest('mark')) {
      const found = rest.splitText(at)
      rest = found.splitText(word.length)
      const mark = document.createElement('mark')
      found.replaceWith(mark)
      mark.append(found)
      at = rest.data.toLowerCase().indexOf(word)
    }
  }
}
