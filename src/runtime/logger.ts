/** The part of a structured logger that the runtime uses; pino fits. Messages are constants, data are fields. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
