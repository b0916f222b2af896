// How large a page is shown.

/** A percentage of its real size, or as wide as there is room. */
export type Zoom = number | 'fit'

export const FIT = 'fit'
export const REAL = 100
const STEPS = [25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400]
/** A point on paper is 96/72 of a pixel on screen: at 100 % a page has its real size. */
const PIXELS_PER_POINT = 96 / 72

export function pixels(points: number, percent: number): number {
  return Math.round((points * PIXELS_PER_POINT * percent) / 100)
}

/** The next step up or down from where it stands, which may be between two. */
export function stepped(percent: number, up: boolean): number {
  const next = up ? STEPS.find((step) => step > percent) : STEPS.filter((step) => step < percent).at(-1)
  return next ?? percent
}
