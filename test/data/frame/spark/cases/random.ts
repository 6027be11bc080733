import { randomPlans } from '../random-plan.ts'

/** The plans that are replayed, of seed 1; `npm run conformance -- frame --seed N` tries others. */
export const cases = randomPlans(1, 1000)
