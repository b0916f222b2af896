// Words of the manual's page, in English.

export const help = {
  'menu.help': 'Help',
  'help.title': 'Manual',
  'help.search': 'Search the manual',
  'help.contents': 'Contents',
  'help.found': '{count} {count|section|sections} found',
  'help.none': 'The manual says nothing about “{text}”; try another word.',
}
