// Words of the frame pages, in Chinese.

export const frame = {
  'app.title': '排查台账',
  'app.subtitle': '市场监管专项行动 · 排查 抽检 处置 案件 一本账',
  'language.zh': '中文',
  'language.en': 'English',
  'menu.enterprises': '企业档案',
  'menu.inspections': '现场排查',
  'menu.samples': '抽检 · 后处理',
  'menu.cases': '案件 · 线索 · 召回 · 帮扶',
  'menu.forms': '附件表',
  'menu.packages': '数据包',
  'menu.packages.exchange': '报送与接收',
  'menu.attachments': '附件',
  'menu.settings': '设置',
  'status.unsent': '未上报 {count} 条',
  'status.conflicts': '待确认 {count} 处',
}
