// Words of the manual's page, in Chinese.

export const help = {
  'menu.help': '帮助',
  'help.title': '使用手册',
  'help.search': '在手册中查找',
  'help.contents': '目录',
  'help.found': '找到 {count} 节',
  'help.none': '手册里没有找到“{text}”，请换一个词。',
}
