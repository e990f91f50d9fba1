// The typed client of the HTTP interface, generated from spec/openapi.yaml.
export * from './client'
export * from './idempotency'
export * from './problem'
export type { components, paths } from './schema'
