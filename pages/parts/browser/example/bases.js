// The bases of the logarithm: as numbers, as units, and as they are written.

export const BASES = { e: Math.E, 2: 2, 10: 10 };
export const UNITS = { e: "nats", 2: "bits", 10: "bans" };
export const LOGS = { e: "ln", 2: "log₂", 10: "log₁₀" };
