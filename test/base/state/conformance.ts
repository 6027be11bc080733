import { describe, expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { claim, migrateLeases, release, renew, type State, thisProcess } from '../../../src/base/state/index.ts'

const T = 'create table t (k integer primary key, v text)'

/** What every metadata database must do. `open` gives an empty one, new at each call. */
export function describeState(name: string, open: () => Promise<State>): void {
  describe(`the state ${name}`, () => {
    test('what is written is read back with its kind', async () => {
      await using state = await open()
      await state.migrate('room', [
        'create table kinds (a bigint, b text, c double precision, d bytea, e text, f text)',
      ])
      await state.write((tx) =>
        tx.run(
          sql`insert into kinds values (${2n ** 62n}, ${"it's"}, ${1.5}, ${Buffer.from([0, 255])}, ${null}, ${'ü'})`,
        ),
      )
      const [row] = await state.read<Record<string, unknown>>(sql`select * from kinds`)
      expect(row).toEqual({ a: 2n ** 62n, b: "it's", c: 1.5, d: new Uint8Array([0, 255]), e: null, f: 'ü' })
    })

    test('whole numbers come back as numbers as long as they are exact', async () => {
      await using state = await open()
      const [row] = await state.read(sql`select ${2 ** 53 - 1} as small, ${-(2n ** 53n)} as large`)
      expect(row).toEqual({ small: 2 ** 53 - 1, large: -(2n ** 53n) })
    })

    test('a step of a migration is carried out once, and later steps follow', async () => {
      await using state = await open()
      await state.migrate('room', [T])
      await state.migrate('room', [T])
      await state.migrate('room', [T, "insert into t values (1, 'a'); insert into t values (2, 'b')"])
      await state.migrate('other', ['insert into t select k + 10, v from t'])
      expect(await state.read(sql`select count(*) as n from t`)).toEqual([{ n: 4 }])
    })

    test('a step that fails leaves nothing of its migration', async () => {
      await using state = await open()
      await expect(
        state.migrate('room', [T, 'create table u (k integer); insert into nowhere values (1)']),
      ).rejects.toThrow()
      await state.migrate('room', [T, 'create table u (k integer)'])
      expect(await state.read(sql`select * from u`)).toEqual([])
    })

    test('a database with more steps than there are is refused', async () => {
      await using state = await open()
      await state.migrate('room', [T, 'drop table t'])
      await expect(state.migrate('room', [T])).rejects.toMatchObject({ code: 'STATE_SCHEMA_NEWER' })
    })

    test('a write that throws undoes itself and no other of its group', async () => {
      await using state = await open()
      await state.migrate('room', [T])
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) =>
          state.write(async (tx) => {
            await tx.run(sql`insert into t values (${n}, 'x')`)
            if (n % 3 === 0) throw new Error(`no ${n}`)
            return n
          }),
        ),
      )
      outcomes.forEach((outcome, n) => {
        if (n % 3 === 0) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: `no ${n}` } })
        else expect(outcome).toEqual({ status: 'fulfilled', value: n })
      })
      const rows = await state.read<{ k: number }>(sql`select k from t order by k`)
      expect(rows.map((row) => row.k)).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n % 3))
    })

    test('a read never sees what is not committed, a write sees its own', async () => {
      await using state = await open()
      await state.migrate('room', [T])
      await state.write(async (tx) => {
        expect(await tx.run(sql`insert into t values (1, 'x'), (2, 'y')`)).toBe(2)
        expect(await tx.all(sql`select v from t where k = 2`)).toEqual([{ v: 'y' }])
        expect(await state.read(sql`select * from t`)).toEqual([])
      })
      expect(await state.read(sql`select count(*) as n from t`)).toEqual([{ n: 2 }])
    })

    test('counting up from many sides at once loses nothing', async () => {
      await using state = await open()
      await state.migrate('room', [T, "insert into t values (0, '0')"])
      await Promise.all(
        Array.from({ length: 200 }, () =>
          state.write(async (tx) => {
            const [row] = await tx.all<{ v: string }>(sql`select v from t where k = 0`)
            await tx.run(sql`update t set v = ${String(Number(row?.v) + 1)} where k = 0`)
          }),
        ),
      )
      expect(await state.read(sql`select v from t`)).toEqual([{ v: '200' }])
    })

    test('a broken constraint is STATE_CONSTRAINT, and its write may go on', async () => {
      await using state = await open()
      await state.migrate('room', [T])
      await state.write(async (tx) => {
        await tx.run(sql`insert into t values (1, 'x')`)
        await expect(tx.run(sql`insert into t values (1, 'y')`)).rejects.toMatchObject({ code: 'STATE_CONSTRAINT' })
      })
      expect(await state.read(sql`select v from t`)).toEqual([{ v: 'x' }])
    })

    test('a transaction cannot be used after its end, nor a write begun within another', async () => {
      await using state = await open()
      await state.migrate('room', [T])
      const kept = await state.write((tx) => tx)
      await expect(kept.run(sql`insert into t values (1, 'x')`)).rejects.toThrow(/after its end/)
      await expect(state.write(() => state.write(() => 1))).rejects.toThrow(/within another/)
      expect(await state.write(() => 2)).toBe(2)
    })

    test('closing waits for what was asked before and refuses what comes after', async () => {
      const state = await open()
      await state.migrate('room', [T])
      const last = state.write((tx) => tx.run(sql`insert into t values (1, 'x')`))
      await state[Symbol.asyncDispose]()
      await state[Symbol.asyncDispose]()
      expect(await last).toBe(1)
      await expect(state.write(() => 1)).rejects.toMatchObject({ code: 'STATE_CLOSED' })
      await expect(state.read(sql`select 1`)).rejects.toMatchObject({ code: 'STATE_CLOSED' })
    })

    test('a lease is had by one, renewed by it alone, and given back', async () => {
      await using state = await open()
      await migrateLeases(state)
      const owner = thisProcess()
      const claims = await Promise.all(Array.from({ length: 10 }, () => claim(state, 'k', owner, 60_000)))
      const first = claims.find((one) => one.granted)
      expect(claims.filter((one) => one.granted)).toHaveLength(1)
      expect(claims.find((one) => !one.granted)).toMatchObject({ holder: owner })
      if (!first?.granted) throw new Error('nobody got it')
      const renewed = await renew(state, first.lease, 120_000)
      expect(renewed?.expiresAt).toBeGreaterThan(first.lease.expiresAt)
      await release(state, first.lease)
      expect(await renew(state, first.lease, 1000)).toBeUndefined()
      const second = await claim(state, 'k', owner, 60_000)
      expect(second).toMatchObject({ granted: true, lease: { token: first.lease.token + 1 } })
      await release(state, first.lease)
      expect(await claim(state, 'k', owner, 1000)).toMatchObject({ granted: false })
    })

    test('a lease that ran out goes to the next, and the former holder notices', async () => {
      await using state = await open()
      await migrateLeases(state)
      const slow = { host: 'elsewhere', pid: 1, start: '' }
      const first = await claim(state, 'k', slow, 20)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(await claim(state, 'k', thisProcess(), 60_000)).toMatchObject({ granted: true })
      if (!first.granted) throw new Error('nobody got it')
      expect(await renew(state, first.lease, 1000)).toBeUndefined()
    })
  })
}
