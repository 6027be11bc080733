import type { Kind } from './random-plan-tables.ts'

/** What an argument of a function is: a type, one of a group of types, the type of the first argument, or constants. */
export type Wanted =
  | { readonly of: 'kinds'; readonly kinds: readonly Kind[] }
  | { readonly of: 'first' }
  | { readonly of: 'constant'; readonly values: readonly (string | number | boolean | null)[] }

/** A function as random plans call it. */
export interface Signature {
  readonly fn: string
  readonly args: readonly Wanted[]
  /** The type of the result; that of the first argument, or one that is not followed any further. */
  readonly result: Kind | 'first' | 'other'
}

const WHOLE: readonly Kind[] = ['int', 'bigint', 'smallint', 'tinyint']
const DECIMAL: readonly Kind[] = ['decimal(10,2)', 'decimal(20,0)', 'decimal(38,18)']
const NUMBER: readonly Kind[] = [...WHOLE, 'double', 'float', ...DECIMAL]
const MOMENT: readonly Kind[] = ['date', 'timestamp', 'timestamp_ntz']
const ORDERED: readonly Kind[] = [...NUMBER, ...MOMENT, 'string', 'boolean']
const GROUPS: Readonly<Record<string, readonly Kind[]>> = {
  whole: WHOLE, dec: DECIMAL, num: NUMBER, moment: MOMENT, ord: ORDERED,
  any: [...ORDERED, 'binary', 'array<int>', 'array<string>', 'struct<p:int,q:string>'],
  arr: ['array<int>', 'array<string>'], ints: ['array<int>'], strs: ['array<string>'],
  map: ['map<string,int>'], struct: ['struct<p:int,q:string>'], d: ['double'], s: ['string'], i: ['int'], b: ['boolean'],
  ts: ['timestamp'], clock: ['timestamp', 'timestamp_ntz'], dd: ['double', 'float'], ib: ['int', 'bigint'], bin: ['binary'],
} // biome-ignore format: a table

/** name(arguments) result: `=` is the type of the first argument, `#a|b` one of these constants (COMMA is a comma). */
const SCALARS = `
add(i,=) first; add(bigint,ib) bigint; add(d,num) double; add(dec,dec) other; add(dec,whole) other; add(num,num) other
subtract(i,=) first; subtract(bigint,ib) bigint; subtract(d,num) double; subtract(dec,num) other; subtract(num,num) other
multiply(i,=) first; multiply(d,num) double; multiply(dec,dec) other; multiply(num,num) other
divide(d,num) double; divide(whole,whole) double; divide(dec,dec) other; divide(num,num) other
mod(i,=) first; mod(bigint,ib) bigint; mod(d,d) double; mod(dec,dec) other; mod(num,num) other; pmod(i,=) first; pmod(num,num) other
negative(num) first; abs(num) first; sign(d) double; signum(num) double; positive(num) first
try_add(i,=) first; try_subtract(bigint,=) first; try_multiply(i,=) first; try_divide(num,num) other; try_mod(i,=) first
round(d,#-1|0|2) double; round(dec,#-1|0|1) other; round(i,#-1|-2|0) int; bround(d,#0|1) double; floor(d) bigint; ceil(d) bigint
floor(dec) other; ceil(dec) other; rint(d) double; sqrt(d) double; exp(d) double; ln(d) double; log10(d) double; log2(num) double
power(d,#2|0.5|-1) double; cbrt(d) double; sin(d) double; atan2(d,d) double; hypot(d,d) double; degrees(d) double; factorial(#0|5|20) bigint
greatest(ord,=) first; least(ord,=,=) first; greatest(num,num) other; least(d,num) other; width_bucket(d,#0,#10,#5) bigint
bitwise_and(i,=) first; bitwise_or(bigint,=) first; bitwise_xor(i,=) first; bitwise_not(whole) first; shiftleft(i,#0|1|3) int; shiftright(ib,#1|2) first
bit_count(ib) int; hex(bigint) string; hex(s) string; bin(bigint) string; conv(s,#10|16,#2|10) string; unhex(s) binary
eq(ord,=) boolean; ne(ord,=) boolean; lt(ord,=) boolean; le(ord,=) boolean; gt(ord,=) boolean; ge(ord,=) boolean; eq_null_safe(any,=) boolean
eq(num,num) boolean; lt(num,num) boolean; ge(moment,moment) boolean; eq(arr,=) boolean; lt(struct,=) boolean; eq(num,s) boolean
and(b,b) boolean; or(b,b) boolean; not(b) boolean; is_null(any) boolean; is_not_null(any) boolean; isnan(dd) boolean
in(i,#1,#2|3) boolean; in(s,#a,#b|) boolean; in(ord,=,=) boolean; equal_null(ord,=) boolean
coalesce(any,=) first; ifnull(ord,=) first; nvl2(any,i,i) int; nullif(ord,=) first; nanvl(d,d) double; coalesce(num,num) other
upper(s) string; lower(s) string; initcap(s) string; length(s) int; char_length(s) int; reverse(s) string; trim(s) string; ltrim(s) string; rtrim(s) string
substring(s,#-2|0|1|2,#0|1|3) string; left(s,#0|1|2) string; right(s,#1|2) string; concat(s,s) string; concat(s,s,s) string; concat_ws(#-|,s,s) string
lpad(s,#0|3|5,#*|xy) string; rpad(s,#2|4,#.) string; repeat(s,#-1|0|2) string; replace(s,#a|b,#|zz) string; translate(s,#ab,#x) string
instr(s,#a|b|) int; locate(#a|b,s) int; ascii(s) int; levenshtein(s,s) int; split(s,#COMMA|a) array<string>; split_part(s,#COMMA|-,#1|-1) string
substring_index(s,#COMMA,#1|-1) string; contains(s,s) boolean; startswith(s,#a|) boolean; endswith(s,#b) boolean; like(s,#%a%|_|%) boolean
ilike(s,#%B%) boolean; rlike(s,#^[ab]+$|b) boolean; regexp_replace(s,#[ab],#-) string; regexp_extract(s,#(a)(b)?,#1|0) string; regexp_count(s,#a|b) int
md5(s) string; sha1(s) string; base64(bin) string; unbase64(#YWI=) binary; octet_length(s) int; bit_length(s) int; find_in_set(#a,s) int; overlay(s,#ZZ,#2) string
elt(#1|2|3,s,s) string; format_number(d,#0|2) string; char(#65|233) string; encode(s,#UTF-8) binary; decode(bin,#UTF-8) string
year(moment) int; month(moment) int; day(moment) int; dayofweek(moment) int; dayofyear(moment) int; weekofyear(moment) int; quarter(moment) int; weekday(moment) int
hour(clock) int; minute(clock) int; second(clock) int; last_day(date) date; next_day(date,#Mon|fri) date; date_add(date,#-1|30) date; date_add(date,i) date
date_sub(date,#1|365) date; datediff(moment,date) int; add_months(date,#-1|1|12) date; months_between(moment,date) double; trunc(date,#month|year|week) date
date_trunc(#day|hour|month|quarter,ts) timestamp; date_format(moment,#yyyy-MM-dd|HH:mm:ss|EEE d MMM) string; to_date(s) date; try_to_timestamp(s) timestamp
unix_timestamp(ts) bigint; from_unixtime(#0|86400) string; make_date(#2023|2024,#1|2,#1|28) date; unix_date(date) int; date_from_unix_date(#0|19000) date
timestamp_seconds(#0|-1) timestamp; unix_micros(ts) bigint; from_utc_timestamp(ts,#America/New_York|UTC) timestamp; to_utc_timestamp(ts,#Asia/Tokyo) timestamp
size(arr) int; size(map) int; cardinality(arr) int; array_contains(ints,i) boolean; array_contains(strs,s) boolean; array_distinct(arr) first; sort_array(arr,#true|false) first
array_max(ints) int; array_min(strs) string; array_position(ints,#1|2) bigint; array_remove(ints,#1|2) first; array_union(arr,=) first; array_intersect(arr,=) first; array_except(arr,=) first
arrays_overlap(arr,=) boolean; array_join(strs,#COMMA|-) string; slice(arr,#1|-1,#1|2) first; reverse(arr) first; concat(arr,=) first
get(ints,#0|5) int; try_element_at(ints,#1|-1) int; element_at(map,#a|zz) int; array_append(ints,i) first; array_prepend(strs,s) first; array_repeat(i,#0|2) array<int>
array_compact(arr) first; array_insert(ints,#1|-1,i) first; sequence(#1,#3|1) array<int>; map_keys(map) array<string>; map_values(map) array<int>; map_contains_key(map,#a) boolean
get_field(struct,#p) int; get_field(struct,#q) string; get_item(map,#a|b) int; get_item(ints,#0) int; array(i,i) array<int>; array(s,s) array<string>
map_entries(map) other; struct(any,any) other; typeof(any) string; to_json(struct) string; to_json(map) string; get_json_object(#{"a":1},#$.a) string
`

/** The aggregates; collections are sorted where they are used. */
const AGGREGATES = `
count(any) bigint; sum(i) bigint; sum(smallint) bigint; sum(d) double; sum(dec) other; sum(float) double; avg(num) other; avg(i) double
min(ord) first; max(ord) first; min(arr) first; max(struct) first; count_distinct(any) bigint; sum_distinct(i) bigint; count_if(b) bigint
bool_and(b) boolean; bool_or(b) boolean; every(b) boolean; some(b) boolean; stddev(i) double; variance(i) double; var_pop(d) double; stddev_pop(i) double
corr(d,i) double; covar_samp(d,i) double; covar_pop(i,i) double; bit_and(i) int; bit_or(bigint) bigint; bit_xor(i) int; median(i) double; median(d) double; percentile(i,#0.25|0.5) double
regr_slope(d,i) double; regr_count(i,i) bigint; skewness(i) double; kurtosis(i) double; try_sum(i) bigint; try_avg(i) double; approx_count_distinct(i) bigint
`

export const SCALAR_SIGNATURES = signatures(SCALARS)
export const AGGREGATE_SIGNATURES = signatures(AGGREGATES)

function signatures(text: string): readonly Signature[] {
  return text
    .split(/\n|; /)
    .filter((line) => line !== '')
    .map((line) => {
      const [, fn, args, result] = /^(\w+)\((.*)\) (\S+)$/.exec(line) ?? []
      if (fn === undefined || args === undefined || result === undefined) throw new Error(`no signature: ${line}`)
      return { fn, args: args.split(',').map(wanted), result: result as Signature['result'] }
    })
}

function wanted(text: string): Wanted {
  if (text === '=') return { of: 'first' }
  if (text.startsWith('#')) return { of: 'constant', values: text.slice(1).split('|').map(constant) }
  return { of: 'kinds', kinds: GROUPS[text] ?? [text as Kind] }
}

function constant(text: string): string | number | boolean {
  if (text === 'COMMA') return ','
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
