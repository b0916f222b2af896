// Moments as people in China write them down, to the minute; China has one time and no summer time.

const CHINA_MS = 8 * 60 * 60 * 1000

export function moment(millis: number | null): string {
  if (millis === null) return ''
  return new Date(millis + CHINA_MS).toISOString().slice(0, 16).replace('T', ' ')
}
