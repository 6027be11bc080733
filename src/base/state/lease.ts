import { sql } from '../sql/index.ts'
import type { State } from './contract.ts'
import { mayBeAlive, type Owner } from './process-owner.ts'

const STEPS = [
  `create table millrace_leases (
     lease_key text primary key, token bigint not null, expires_at bigint not null,
     host text, pid bigint, start text)`,
]

/** The right to do something alone for a while. */
export interface Lease {
  readonly key: string
  /** Rises with each claim of the key: what is written under an older one can be told and refused. */
  readonly token: number
  readonly owner: Owner
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** The answer to a claim: the lease, or who has it. */
export type Claim =
  | { readonly granted: true; readonly lease: Lease }
  | { readonly granted: false; readonly holder: Owner; readonly expiresAt: number }

interface LeaseRow {
  readonly token: number
  readonly expires_at: number
  readonly host: string | null
  readonly pid: number | null
  readonly start: string | null
}

/** Makes the table of leases; call once per opened state, before the first claim. */
export async function migrateLeases(state: State): Promise<void> {
  await state.migrate('millrace_leases', STEPS)
}

/**
 * Asks for a lease. It is granted when nobody has it, when it has run out, or when its owner was a process of this
 * machine that is gone. An owner does not get its own lease twice.
 */
export function claim(state: State, key: string, owner: Owner, ttlMs: number): Promise<Claim> {
  return state.write(async (tx): Promise<Claim> => {
    const now = Date.now()
    const [held] = await tx.all<LeaseRow>(sql`select * from millrace_leases where lease_key = ${key}`)
    const holder = held && holderOf(held)
    if (held && holder && held.expires_at > now && mayBeAlive(holder)) {
      return { granted: false, holder, expiresAt: held.expires_at }
    }
    const lease: Lease = { key, token: (held?.token ?? 0) + 1, owner, expiresAt: now + ttlMs }
    await tx.run(sql`
      insert into millrace_leases (lease_key, token, expires_at, host, pid, start)
      values (${key}, ${lease.token}, ${lease.expiresAt}, ${owner.host}, ${owner.pid}, ${owner.start})
      on conflict (lease_key) do update set token = excluded.token, expires_at = excluded.expires_at,
        host = excluded.host, pid = excluded.pid, start = excluded.start`)
    return { granted: true, lease }
  })
}

/** Holds a lease for another `ttlMs` from now; undefined when somebody else has taken it meanwhile. */
export function renew(state: State, lease: Lease, ttlMs: number): Promise<Lease | undefined> {
  return state.write(async (tx) => {
    const expiresAt = Date.now() + ttlMs
    const changed = await tx.run(sql`
      update millrace_leases set expires_at = ${expiresAt}
      where lease_key = ${lease.key} and token = ${lease.token} and host is not null`)
    return changed === 1 ? { ...lease, expiresAt } : undefined
  })
}

/** Gives a lease back; nothing happens when somebody else has it by now. */
export async function release(state: State, lease: Lease): Promise<void> {
  await state.write((tx) =>
    tx.run(sql`
      update millrace_leases set expires_at = 0, host = null, pid = null, start = null
      where lease_key = ${lease.key} and token = ${lease.token}`),
  )
}

/** Who has the lease now, as far as it has not run out. */
export async function holderOfLease(state: State, key: string): Promise<Owner | undefined> {
  const [held] = await state.read<LeaseRow>(sql`select * from millrace_leases where lease_key = ${key}`)
  const holder = held && holderOf(held)
  return held && holder && held.expires_at > Date.now() && mayBeAlive(holder) ? holder : undefined
}

function holderOf({ host, pid, start }: LeaseRow): Owner | undefined {
  return host === null || pid === null ? undefined : { host, pid, start: start ?? '' }
}
