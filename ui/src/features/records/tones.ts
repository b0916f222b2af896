// The colour that stands beside a status word, never instead of it.

const TONES: Record<string, string> = {
  normal: 'good',
  conforming: 'good',
  verified: 'good',
  rectified: 'good',
  producing: 'good',
  achieved: 'good',
  settled: 'good',
  pass: 'good',
  pending: 'wait',
  open: 'wait',
  rectify: 'wait',
  rectifying: 'wait',
  partial: 'wait',
  answered: 'wait',
  insufficient: 'wait',
  nonconforming: 'danger',
  case: 'danger',
  transfer: 'danger',
  fail: 'danger',
}

export function toneOf(code: string): string {
  return TONES[code] ?? 'plain'
}
