/** A column of every type that Arrow and frames share. */
export const SCHEMA =
  'b boolean, i8 tinyint, i16 smallint, i32 int, i64 bigint, f float, d double, c decimal(10,2), big decimal(38,3), s string, x binary, ' +
  'day date, t timestamp, n timestamp_ntz, a array<int>, st struct<x:int,y:string>, m map<string,int>, l array<struct<z:array<string>>>'

/** Usual values, nulls, and values at the edges. */
export const ROWS = [
  [true, 1, 2, 3, '9007199254740993', 1.5, 0.1, '12.50', '12345678901234567890123456.789', 'it’s €', 'aGk=', '2024-02-29',
    '2024-02-29T12:34:56.789123Z', '2024-02-29 12:34:56.789123', [1, null, 3], { x: 1, y: 'a' }, { k: 1 }, [{ z: ['q'] }, null]],
  Array.from({ length: 18 }, () => null),
  [false, -128, -32768, -2147483648, '-9223372036854775808', -2, 1e300, '-0.01', '-1.000', '', '', '0001-01-01',
    '1900-01-01T00:00:00Z', '9999-12-31 23:59:59.999999', [], { x: null, y: null }, {}, []],
] // biome-ignore format: a table
