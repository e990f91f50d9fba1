// Live events and the outbox of chat messages; used by both apps.
export * from './outbox'
export * from './shared'
export * from './stream'
