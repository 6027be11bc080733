import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import { type ColumnCase, casesOf, on } from './edge-columns.ts'

const v = col('v')
const each = (functions: readonly ((name: string) => Column)[]) => functions

/** Every function of times, and the columns it is tried with. */
export const TIME: readonly ColumnCase[] = [
  ...each([f.year, f.quarter, f.month, f.weekofyear, f.dayofweek, f.weekday, f.dayofmonth, f.day, f.dayofyear, f.hour, f.minute, f.second, f.dayname, f.monthname]).map((fn) => on('date timestamp timestamp_ntz dates int', fn('v'))),
  on('date timestamp timestamp_ntz dates int', f.dateAdd('v', -31)), on('date', f.dateAdd('v', 1n)), on('date timestamp', f.dateSub('v', 1)), on('int', f.dateadd(lit('2024-01-31').cast('date'), 'v')),
  on('date timestamp dates', f.datediff('v', lit('2024-03-01').cast('date'))), on('date', f.dateDiff(lit('2024-03-01'), 'v')),
  on('date timestamp dates', f.addMonths('v', 1)), on('date', f.addMonths('v', -13)), on('int', f.addMonths(lit('2024-01-31').cast('date'), v.mod(100))),
  on('date timestamp timestamp_ntz', f.monthsBetween('v', lit('2024-01-31').cast('date'))), on('date timestamp', f.monthsBetween('v', lit('1996-10-30 10:30:00').cast('timestamp'))), on('timestamp', f.monthsBetween('v', lit('1996-10-30 10:30:00'), false), 'approximate'),
  on('date timestamp dates', f.lastDay('v')),
  ...['Mon','TU','thursday','SUN','xx'].map((d) => on('date timestamp', f.nextDay('v', d))),
  ...['year','MM','week','quarter','yy','day','xx'].map((u) => on('date timestamp', f.trunc('v', u))), on('dates', f.trunc('v','MON')),
  ...['year','MM','week','quarter','day','dd','hour','minute','second','millisecond','microsecond','xx'].map((u) => on('date timestamp timestamp_ntz', f.dateTrunc(u, 'v'))),
  ...["yyyy-MM-dd'T'HH:mm:ss.SSSXXX","y yy yyy yyyyy M MM MMM MMMM L LL LLL LLLL d dd D DD DDD","E EE EEE EEEE a H HH h hh k kk K KK m mm s ss","S SS SSS SSSS SSSSS SSSSSS SSSSSSSSS","G GG GGGG Q QQ QQQ QQQQ q qq F","X XX XXX XXXX XXXXX x xx xxx xxxx xxxxx Z ZZ ZZZ ZZZZ ZZZZZ z zz zzz zzzz O OOOO VV","'text' ''yyyy","", "yyyy[ HH:mm]", "dd/MM/yyyy 100%", "EEEE, d. MMMM yy; EEE dd MMM; h:mm a 'o''clock'"].map((p) => on('date timestamp timestamp_ntz', f.dateFormat('v', p))),
  on('int double text', f.fromUnixtime('v')), on('int', f.fromUnixtime('v', 'dd.MM.yyyy HH')),
  ...['America/New_York','Europe/Berlin','Asia/Tokyo','GMT+1','+05:30','-3','PST','UTC','Asia/Kolkata','Australia/Lord_Howe'].flatMap((z) => [on('timestamp timestamp_ntz', f.fromUtcTimestamp('v', z)), on('timestamp timestamp_ntz', f.toUtcTimestamp('v', z))]), on('date', f.fromUtcTimestamp('v', 'Europe/Berlin')),
  on('timestamp timestamp_ntz', f.convertTimezone('America/New_York', 'Europe/Berlin', 'v')), on('timestamp timestamp_ntz', f.convertTimezone(null, 'Europe/Berlin', 'v')),
  on('int tinyint', f.makeDate('v', 2, 28)), on('int', f.makeDate(2023, 2, 'v')), on('int', f.makeDate(2024, 'v', 1)),
  on('int', f.makeTimestamp(2024, 2, 29, 'v', 0, 0)), on('int double decimal text', f.makeTimestamp(2024, 2, 29, 10, 11, 'v')), on('int', f.makeTimestamp(2024, 'v', 3, 2, 30, 0, lit('America/New_York'))), on('int', f.makeTimestampNtz('v', 2, 28, 1, 2, 3.5)), on('int', f.makeTimestampLtz(2024, 2, 29, 1, 'v', 3.5)),
  on('int', f.datepart('day', f.tryMakeInterval(1, 2, 3, 'v'))), on('int', f.tryMakeTimestamp(2024, 2, 'v', 1, 2, 3)), on('decimal', f.tryMakeTimestamp(2024, 2, 1, 1, 2, 'v')), on('int', f.tryMakeTimestampNtz(2024, 2, 1, 'v', 2, 3)), on('int', f.tryMakeTimestampLtz(2024, 2, 1, 'v', 2, 3)),
  on('timestamp', v.plus(f.makeInterval(1, 2, 3, 4, 5, 6, 7.5))), on('timestamp timestamp_ntz', v.plus(f.makeDtInterval(1, 2, 3, 4.5))), on('date timestamp', v.plus(f.makeYmInterval(1, 1))), on('int', lit('2024-01-31 10:00:00').cast('timestamp').plus(f.makeYmInterval('v', 1))), on('int', lit('2024-01-31 10:00:00').cast('timestamp').plus(f.makeDtInterval('v', 'v'))),
  ...['YEAR','yearofweek','qtr','mon','w','D','dow','DOW_ISO','doy','hr','mins','SECONDS','epoch'].map((p) => on('date timestamp timestamp_ntz', f.datePart(p, 'v'))), on('timestamp', f.extract(lit('year'), 'v')),
  ...['year','month','day','hour','minute','second'].map((p) => on('int', f.datepart(p, f.makeInterval(1, 'v', 3, 4, 5, 6, 7.5)))),
  ...['day','hour','minute','second'].map((p) => on('int', f.datepart(p, f.makeDtInterval(1, 'v', 'v', 7.5)))),
  ...['year','month'].map((p) => on('int', f.datepart(p, f.makeYmInterval(1, 'v')))),
  on('int bigint double decimal wide float tinyint text', f.timestampSeconds('v')), on('int bigint double', f.timestampMillis('v')), on('int bigint double', f.timestampMicros('v')),
  on('timestamp timestamp_ntz', f.unixSeconds('v')), on('timestamp', f.unixMillis('v')), on('timestamp date', f.unixMicros('v')), on('date timestamp', f.unixDate('v')), on('int double', f.dateFromUnixDate('v')),
  ...['MICROSECOND','MILLISECOND','SECOND','MINUTE','HOUR','DAY','WEEK','MONTH','QUARTER','YEAR'].flatMap((u) => [on('date timestamp timestamp_ntz', f.timestampAdd(u, -5, 'v')), on('date timestamp timestamp_ntz', f.timestampDiff(u, lit('2024-01-31 10:00:00').cast('timestamp'), 'v'))]),
  on('timestamp timestamp_ntz', f.timeBucket(f.makeDtInterval(0, 1), 'v')), on('timestamp timestamp_ntz', f.timeBucket(f.makeYmInterval(0, 2), 'v')),
  on('date timestamp timestamp_ntz dates int', f.toDate('v')), on('date timestamp timestamp_ntz dates int bigint double boolean', f.toTimestamp('v')), on('date timestamp timestamp_ntz dates', f.toTimestampNtz('v')), on('date dates', f.toTimestampLtz('v')), on('date timestamp dates', f.tryToTimestamp('v')), on('date timestamp dates', f.tryToDate('v')),
  ...["yyyy-MM-dd","yyyy-M-d","y/M/d","yyyy-MM-dd HH:mm:ss","yyyy-MM-dd HH:mm:ss.SSS","yyyy-MM-dd'T'HH:mm:ssXXX","yyyyMMdd","dd.MM.yyyy","MMM d yyyy","HH:mm:ss","yyyy-MM-dd[ HH:mm]","yyyy-MM-dd HH:mm:ssXXX","yyyy-MM-dd HH:mm:ss VV","yyyy","yyyy-MM", "yy-MM-dd"].flatMap((p) => [on('dates timestamp', f.toDate('v', p)), on('dates date', f.toTimestamp('v', p)), on('dates', f.tryToTimestamp('v', p))]),
  on('dates', f.tryToDate('v', 'yyyy-MM-dd')), on('dates', f.toTimestampNtz('v', 'yyyy-MM-dd HH:mm:ss')),
  on('date timestamp timestamp_ntz dates', f.unixTimestamp('v')), on('dates', f.unixTimestamp('v', 'yyyy-MM-dd')), on('dates timestamp', f.toUnixTimestamp('v')),
  on('int', f.currentTimezone()), on('int', f.currentDate().ge(lit('2024-01-01').cast('date'))), on('int', f.now().ge(lit('2024-01-01').cast('timestamp'))), on('int', f.localtimestamp().ge(lit('2024-01-01').cast('timestamp_ntz'))), on('int', f.curdate().eq(f.currentDate())),
  on('timestamp timestamp_ntz date', f.window('v', '10 minutes').getField('start')), on('timestamp timestamp_ntz', f.window('v', '1 week', undefined, '15 minutes').getField('end')), on('timestamp', f.windowTime(f.window('v', '7 minutes'))), on('timestamp', f.window('v', '1 day')),
] // biome-ignore format: a table

const events = createDataFrame(
  [
    ['a', '2024-01-01T00:00:00Z', 1],
    ['a', '2024-01-01T00:05:00Z', 2],
    ['a', '2024-01-01T00:09:00.5Z', 3],
    ['b', '2024-01-01T00:00:00Z', 4],
    ['b', null, 5],
    ['b', '2024-01-01T00:04:59Z', 6],
    ['b', '1969-12-31T23:59:59Z', 7],
  ],
  'k string, t timestamp, v int',
)
const windowed = (name: string, ...keys: Column[]) => ({
  name,
  frame: events.groupBy(...keys).agg(f.sum('v'), f.count()),
})

export const cases = [
  ...casesOf(TIME),
  windowed('window', f.window('t', '10 minutes')),
  windowed('window and a key', f.window('t', '10 minutes').alias('w'), col('k')),
  windowed('window that starts later', f.window('t', '10 minutes', '10 minutes', '3 minutes')),
  windowed('windows that overlap', f.window('t', '10 minutes', '5 minutes')),
  windowed('windows whose slide is no part of them', f.window('t', '10 minutes', '4 minutes')),
  windowed('sessions', f.sessionWindow('t', '5 minutes')),
  windowed('sessions by a key', col('k'), f.sessionWindow('t', '4 minutes')),
  { name: 'session in select', frame: events.select('v', f.sessionWindow('t', '5 minutes')) },
  { name: 'windows in select', frame: events.select('v', f.window('t', '10 minutes', '5 minutes')) },
]
