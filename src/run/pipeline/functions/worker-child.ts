/** The process in which a user's functions run, one call at a time. It never opens the project's database. */

import { serveCalls } from './serve-calls.ts'

serveCalls()
