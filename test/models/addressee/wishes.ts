/** Wishes to be told of something with what is seen, for the threshold of proactive video: made up for it, and tuned on. */
export const WISHES: readonly (readonly [wish: string, seen: string, fulfilled: boolean])[] = [
  ['Let me know when the download is finished.', 'Download complete 100 %', true],
  ['Let me know when the download is finished.', 'Downloading 43 % 2 minutes left', false],
  ['Tell me when an error shows up.', 'Error: cannot find module express', true],
  ['Tell me when an error shows up.', 'Compiling 12 files', false],
  ['Tell me if my flight is cancelled.', 'LH 404 Madrid cancelled', true],
  ['Tell me if my flight is cancelled.', 'LH 404 Madrid boarding gate 12', false],
  ['Warn me when the score changes.', 'Weather sunny 20 degrees', false],
  ['Say something when the tests pass.', 'Tests 12 passed', true],
  ['Say something when the tests pass.', 'Tests 3 failed 9 passed', false],
  ['Dime cuando termine la descarga.', 'Descarga completada', true],
  ['Dime cuando termine la descarga.', 'Descargando 43 %', false],
  ['Avísame si sale un error.', 'Error: no se puede abrir el archivo', true],
  ['Avísame si sale un error.', 'Guardado correctamente', false],
  ['Avísame cuando llegue un mensaje de Ana.', 'Ana: ¿Comemos juntos?', true],
  ['Avísame cuando llegue un mensaje de Ana.', 'No hay mensajes nuevos', false],
]
