import { MillraceError } from '../../../base/kernel/index.ts'

/** A version of a package: https://semver.org, version 2. */
interface Version {
  readonly numbers: readonly [number, number, number]
  readonly prerelease: string
}

type Matcher = '=' | '>=' | '<=' | '>' | '<'

interface Bound {
  readonly matcher: Matcher
  readonly version: Version
}

/**
 * The newest of `available` that meets all of `ranges` (`1.1.0`, `>=1.0.0`, `<2.0.0`), or undefined. Pre-releases
 * count only when they are asked for, or a range names one.
 * @throws MillraceError PACKAGE_INVALID for a range that cannot be read
 */
export function newestOf(
  available: readonly string[],
  ranges: readonly string[],
  prereleases = false,
): string | undefined {
  const bounds = ranges.map(boundOf)
  const wantsPrerelease = prereleases || bounds.some(({ version }) => version.prerelease !== '')
  return available
    .flatMap((text) => {
      const version = versionOf(text)
      return version ? [{ text, version }] : []
    })
    .filter(({ version }) => wantsPrerelease || version.prerelease === '')
    .filter(({ version }) => bounds.every((bound) => meets(version, bound)))
    .sort((a, b) => compare(a.version, b.version))
    .at(-1)?.text
}

/** Whether a version meets all ranges. */
export function meetsAll(version: string, ranges: readonly string[]): boolean {
  return newestOf([version], ranges, true) !== undefined
}

function boundOf(text: string): Bound {
  const [, matcher = '=', rest = ''] = /^\s*(>=|<=|>|<|=)?\s*(\S+)\s*$/.exec(text) ?? []
  const version = versionOf(rest)
  if (!version) {
    throw new MillraceError('PACKAGE_INVALID', `reading a version: "${text}" is none`, {
      hint: 'A version is 1.2.3, and a range >=1.0.0 or a list such as [">=1.0.0", "<2.0.0"].',
    })
  }
  return { matcher: matcher as Matcher, version }
}

function versionOf(text: string): Version | undefined {
  const found = /^v?(\d+)\.(\d+)\.(\d+)(?:-?([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text)
  if (!found) return undefined
  const [, major, minor, patch, prerelease = ''] = found
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease }
}

function meets(version: Version, bound: Bound): boolean {
  const order = compare(version, bound.version)
  switch (bound.matcher) {
    case '=':
      return order === 0
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
  }
}

function compare(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index]
    if (difference !== 0) return difference
  }
  if (a.prerelease === b.prerelease) return 0
  // A release is newer than its pre-releases.
  if (a.prerelease === '') return 1
  if (b.prerelease === '') return -1
  return comparePrereleases(a.prerelease.split('.'), b.prerelease.split('.'))
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]]
    if (one === undefined) return -1
    if (other === undefined) return 1
    if (one === other) continue
    const [oneIsNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
    if (oneIsNumber && otherIsNumber) return Number(one) - Number(other)
    if (oneIsNumber !== otherIsNumber) return oneIsNumber ? -1 : 1
    return one < other ? -1 : 1
  }
  return 0
}
