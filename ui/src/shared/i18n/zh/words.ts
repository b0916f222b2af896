// Words of a report's sections, in Chinese.

export const words = {
  'words.quoted': '引用的数',
  'words.figure': '累计 · {name}',
  'words.period': '本期 · {name}',
  'words.list': '分组 · {name}',
  'words.given': '单位名称或日期',
  'words.gone': '专项行动里已没有这个指标或格',
  'words.typed': '已改写，统计为 {shown}',
  'words.restore': '改回统计数',
  'words.last': '上次报送的文字',
  'words.last.show': '对照上次（Alt+L）',
  'words.last.hide': '收起上次（Alt+L）',
}
