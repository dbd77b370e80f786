/** Packages without types, as far as they are used. */
declare module 'fft.js' {
  /** Of a power of two; complex numbers lie side by side. */
  export default class FFT {
    constructor(size: number)
    createComplexArray(): number[]
    /** Fills the first half of the spectrum. */
    realTransform(out: number[], data: ArrayLike<number>): void
    completeSpectrum(spectrum: number[]): void
    transform(out: number[], data: number[]): void
    inverseTransform(out: number[], data: number[]): void
  }
}
