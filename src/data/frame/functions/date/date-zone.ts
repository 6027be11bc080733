import { MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import type { Expr } from '../../expr.ts'
import { define, type Form, onlyDuckDb } from '../define.ts'
import { moment, takes } from '../math/math-argument.ts'
import { type ResultType, TIMESTAMP } from '../result-type.ts'

const NTZ: ResultType<string | null> = { of: () => ({ kind: 'timestamp_ntz' }) }

/** Java's `ZoneId.SHORT_IDS`. */
const SHORT: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin', AET: 'Australia/Sydney', AGT: 'America/Argentina/Buenos_Aires', ART: 'Africa/Cairo',
  AST: 'America/Anchorage', BET: 'America/Sao_Paulo', BST: 'Asia/Dhaka', CAT: 'Africa/Harare', CNT: 'America/St_Johns',
  CST: 'America/Chicago', CTT: 'Asia/Shanghai', EAT: 'Africa/Addis_Ababa', ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis', IST: 'Asia/Kolkata', JST: 'Asia/Tokyo', MIT: 'Pacific/Apia', NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland', PLT: 'Asia/Karachi', PNT: 'America/Phoenix', PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles', SST: 'Pacific/Guadalcanal', VST: 'Asia/Ho_Chi_Minh', EST: '-05:00', MST: '-07:00', HST: '-10:00',
} // biome-ignore format: a table

/** A time zone: so many seconds before UTC, or a region. */
type Zone = { readonly seconds: number } | { readonly region: string }

/**
 * A time zone as Java writes it: a region (`Europe/Berlin`), an offset (`+01:00`, `-5`), `UTC`, `GMT+1`, `Z`.
 * @throws MillraceError OPTION_INVALID
 */
function zoneOf(written: string): Zone {
  const name = SHORT[written] ?? written
  const offset = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(name)
  if (offset) {
    const [, sign, hours, minutes = '0', seconds = '0'] = offset
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    if (size <= 18 * 3600) return { seconds: sign === '-' ? -size : size }
  }
  if (['Z', 'UTC', 'GMT', 'UT', 'Etc/UTC'].includes(name)) return { seconds: 0 }
  if (isRegion(name)) return { region: name }
  throw new MillraceError('OPTION_INVALID', `"${written}" is no time zone`, {
    hint: 'A time zone is a region such as Europe/Berlin, or an offset such as +01:00.',
  })
}

function isRegion(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const shifted = (wall: Sql, seconds: number): Sql =>
  seconds === 0 ? wall : sql`(${wall} + to_seconds(${trusted(String(seconds))}))`

/** What a clock in a time zone shows, when one in UTC shows `wall`. */
export function inZone(wall: Sql, zone: Sql): Sql {
  const written = constantOf(zone)
  if (typeof written !== 'string') return sql`timezone(${zone}, ${moment(wall)})`
  const found = zoneOf(written)
  return 'seconds' in found ? shifted(wall, found.seconds) : sql`timezone(${found.region}, ${moment(wall)})`
}

/** The moment at which a clock in a time zone shows `wall`: the earlier of two, and past a gap as far as in it. */
export function fromZone(wall: Sql, zone: Sql): Sql {
  const written = constantOf(zone)
  const found = typeof written === 'string' ? zoneOf(written) : { region: zone }
  if ('seconds' in found) return moment(shifted(wall, -found.seconds))
  const region = sql`${found.region}`
  // DuckDB takes the later of two: the other is by the offset of the day before.
  const later = sql`timezone(${region}, ${wall})`
  const before = sql`make_timestamptz(epoch_us(${later}) - 86400000000)`
  const earlier = sql`make_timestamptz(epoch_us(${wall}) - epoch_us(timezone(${region}, ${before})) + epoch_us(${before}))`
  return sql`case when ${earlier} < ${later} and timezone(${region}, ${earlier}) = ${wall} then ${earlier} else ${later} end`
}

const NO_ZONES = 'Use AT TIME ZONE of PostgreSQL by expr("…").'

function zoned(fn: string, form: (wall: Sql, zone: Sql) => Sql) {
  const build = <const A extends ColumnOrName>(
    timestamp: A,
    timezone: string | Column,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn, args: [named(timestamp), operand(timezone)] })
  const template = takes(['wall', 'any'], ([wall, zone]) => form(wall, zone))
  return Object.assign(build, { definition: define(fn, onlyDuckDb(template, NO_ZONES), TIMESTAMP) })
}

/** What a clock in the time zone shows at a moment, taken for a moment in UTC. */
export const fromUtcTimestamp = zoned('from_utc_timestamp', (wall, zone) => moment(inZone(wall, zone)))
/** The moment at which a clock in the time zone shows what one in UTC shows at the given one. */
export const toUtcTimestamp = zoned('to_utc_timestamp', fromZone)

const UTC: Expr = { kind: 'call', fn: 'current_timezone', args: [] }

/** What a clock in `targetTz` shows when one in `sourceTz` (UTC for null) shows `sourceTs`. */
export const convertTimezone = Object.assign(
  <const A extends ColumnOrName>(
    sourceTz: Column | string | null,
    targetTz: Column | string,
    sourceTs: A,
  ): Column<string | null, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({
      kind: 'call',
      fn: 'convert_timezone',
      args: [sourceTz === null ? UTC : operand(sourceTz), operand(targetTz), named(sourceTs)],
    }),
  { definition: define('convert_timezone', onlyDuckDb(converted, NO_ZONES), NTZ) },
)

const fromUtc = takes(['any', 'wall'], ([zone, wall]) => inZone(wall, zone))
const fromAnother = takes(['any', 'any', 'wall'], ([from, to, wall]) =>
  inZone(sql`make_timestamp(epoch_us(${fromZone(wall, from)}))`, to),
)
function converted(...[args, types, call]: Parameters<Form>): Sql {
  return (args.length === 2 ? fromUtc : fromAnother)(args, types, call)
}
