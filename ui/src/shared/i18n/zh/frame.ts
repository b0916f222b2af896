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
  'status.conflicts': '冲突 {count} 处',
  'clock.mark': '时间不对',
  'clock.words': '本机时间是 {now}，早于本台账最近一次保存的 {saved}。请校准系统时间；此前填写的日期请核对。',
  'clock.trust': '本机时间没有错',
}
