/**
 * How symbols are said, per language: currencies, clock times, units, signs and abbreviations. Data for
 * `speech-text.ts`; plain numbers are eSpeak's own business. A language that isn't listed uses the English table
 * only where a test of it asks for it; its symbols are left to eSpeak.
 */
export interface SpokenWords {
  /** Singular and plural, and the hundredth part. */
  readonly currencies: Readonly<Record<string, readonly [one: string, many: string, cents: string]>>
  /** Between whole currency units and cents. */
  readonly and: string
  /** `minutes` is two digits; `half` is `am`, `pm` or empty. */
  readonly clock: (hours: number, minutes: string, half: string) => string
  /** Said after a number; singular and plural. */
  readonly units: Readonly<Record<string, readonly [one: string, many: string]>>
  /** Signs that stand between or before words. */
  readonly signs: Readonly<Record<string, string>>
  /** Between the two ends of a range such as 5–10. */
  readonly to: string
  /** Of web and mail addresses. */
  readonly dot: string
  readonly at: string
  readonly slash: string
  /** Written with the dot; matched as whole words, upper and lower case as written. */
  readonly abbreviations: Readonly<Record<string, string>>
  /** What is pronounced as a hum ("mm"), and as one that agrees ("mm-hm"); absent = not known, they are left as they are. */
  readonly hums?: { readonly one: string; readonly agreeing: string }
}

const english: SpokenWords = {
  currencies: {
    $: ['dollar', 'dollars', 'cents'],
    '€': ['euro', 'euros', 'cents'],
    '£': ['pound', 'pounds', 'pence'],
    '¥': ['yen', 'yen', 'sen'],
    '₹': ['rupee', 'rupees', 'paise'],
  },
  and: 'and',
  clock(hours, minutes, half) {
    const suffix = half === '' ? '' : ` ${half[0]} m`
    if (minutes === '00') return half === '' ? `${hours} o'clock` : `${hours}${suffix}`
    return minutes.startsWith('0')
      ? `${hours} oh ${Number(minutes)}${suffix}`
      : `${hours} ${minutes}${suffix}`
  },
  units: {
    km: ['kilometer', 'kilometers'],
    'km/h': ['kilometer per hour', 'kilometers per hour'],
    'km/s': ['kilometer per second', 'kilometers per second'],
    'm/s': ['meter per second', 'meters per second'],
    mph: ['mile per hour', 'miles per hour'],
    m: ['meter', 'meters'],
    cm: ['centimeter', 'centimeters'],
    mm: ['millimeter', 'millimeters'],
    mi: ['mile', 'miles'],
    ft: ['foot', 'feet'],
    kg: ['kilogram', 'kilograms'],
    g: ['gram', 'grams'],
    mg: ['milligram', 'milligrams'],
    lb: ['pound', 'pounds'],
    lbs: ['pound', 'pounds'],
    oz: ['ounce', 'ounces'],
    L: ['liter', 'liters'],
    ml: ['milliliter', 'milliliters'],
    ms: ['millisecond', 'milliseconds'],
    KB: ['kilobyte', 'kilobytes'],
    MB: ['megabyte', 'megabytes'],
    GB: ['gigabyte', 'gigabytes'],
    kHz: ['kilohertz', 'kilohertz'],
    Hz: ['hertz', 'hertz'],
    '°C': ['degree Celsius', 'degrees Celsius'],
    '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
    '°': ['degree', 'degrees'],
    '%': ['percent', 'percent'],
  },
  signs: {
    '&': 'and',
    '+': 'plus',
    '=': 'equals',
    '×': 'times',
    '÷': 'divided by',
    '@': 'at',
    '#': 'number',
  },
  hums: { one: 'hmm', agreeing: 'um-hum' },
  to: 'to',
  dot: 'dot',
  at: 'at',
  slash: 'slash',
  abbreviations: {
    'Dr.': 'Doctor',
    'Mr.': 'Mister',
    'Mrs.': 'Missis',
    'Ms.': 'Miz',
    'Prof.': 'Professor',
    'St.': 'Saint',
    'Jr.': 'Junior',
    'Sr.': 'Senior',
    'e.g.': 'for example',
    'i.e.': 'that is',
    'etc.': 'et cetera',
    'vs.': 'versus',
    'approx.': 'approximately',
    'a.m.': 'a m',
    'p.m.': 'p m',
    'No.': 'number',
  },
}

const spanish: SpokenWords = {
  currencies: {
    $: ['dólar', 'dólares', 'centavos'],
    '€': ['euro', 'euros', 'céntimos'],
    '£': ['libra', 'libras', 'peniques'],
    '¥': ['yen', 'yenes', 'sen'],
  },
  and: 'con',
  clock(hours, minutes, half) {
    const suffix = half === 'am' ? ' de la mañana' : half === 'pm' ? ' de la tarde' : ''
    return minutes === '00' ? `${hours} en punto${suffix}` : `${hours} y ${Number(minutes)}${suffix}`
  },
  units: {
    km: ['kilómetro', 'kilómetros'],
    'km/h': ['kilómetro por hora', 'kilómetros por hora'],
    m: ['metro', 'metros'],
    cm: ['centímetro', 'centímetros'],
    kg: ['kilo', 'kilos'],
    g: ['gramo', 'gramos'],
    ml: ['mililitro', 'mililitros'],
    MB: ['megabyte', 'megabytes'],
    GB: ['gigabyte', 'gigabytes'],
    '°C': ['grado', 'grados'],
    '°': ['grado', 'grados'],
    '%': ['por ciento', 'por ciento'],
  },
  signs: { '&': 'y', '+': 'más', '=': 'igual a', '×': 'por', '÷': 'entre', '@': 'arroba', '#': 'número' },
  hums: { one: 'um', agreeing: 'ujum' },
  to: 'a',
  dot: 'punto',
  at: 'arroba',
  slash: 'barra',
  abbreviations: {
    'Sr.': 'señor',
    'Sra.': 'señora',
    'Srta.': 'señorita',
    'Dr.': 'doctor',
    'Dra.': 'doctora',
    'Ud.': 'usted',
    'Uds.': 'ustedes',
    'p. ej.': 'por ejemplo',
    'etc.': 'etcétera',
    'EE. UU.': 'Estados Unidos',
    'EE.UU.': 'Estados Unidos',
    'a. m.': 'de la mañana',
    'p. m.': 'de la tarde',
    'a.m.': 'de la mañana',
    'p.m.': 'de la tarde',
  },
}

const french: SpokenWords = {
  currencies: {
    $: ['dollar', 'dollars', 'cents'],
    '€': ['euro', 'euros', 'centimes'],
    '£': ['livre', 'livres', 'pence'],
  },
  and: 'et',
  clock: (hours, minutes) => `${hours} heures${minutes === '00' ? '' : ` ${Number(minutes)}`}`,
  units: {
    km: ['kilomètre', 'kilomètres'],
    'km/h': ['kilomètre heure', 'kilomètres heure'],
    m: ['mètre', 'mètres'],
    cm: ['centimètre', 'centimètres'],
    kg: ['kilo', 'kilos'],
    g: ['gramme', 'grammes'],
    '°C': ['degré', 'degrés'],
    '°': ['degré', 'degrés'],
    '%': ['pour cent', 'pour cent'],
  },
  signs: {
    '&': 'et',
    '+': 'plus',
    '=': 'égale',
    '×': 'fois',
    '÷': 'divisé par',
    '@': 'arobase',
    '#': 'numéro',
  },
  to: 'à',
  dot: 'point',
  at: 'arobase',
  slash: 'barre',
  abbreviations: {
    'M.': 'monsieur',
    'Mme.': 'madame',
    Mme: 'madame',
    Mlle: 'mademoiselle',
    'etc.': 'et cetera',
  },
}

const italian: SpokenWords = {
  currencies: {
    $: ['dollaro', 'dollari', 'centesimi'],
    '€': ['euro', 'euro', 'centesimi'],
    '£': ['sterlina', 'sterline', 'pence'],
  },
  and: 'e',
  clock: (hours, minutes) => (minutes === '00' ? `${hours}` : `${hours} e ${Number(minutes)}`),
  units: {
    km: ['chilometro', 'chilometri'],
    'km/h': ['chilometro orario', 'chilometri orari'],
    m: ['metro', 'metri'],
    cm: ['centimetro', 'centimetri'],
    kg: ['chilo', 'chili'],
    g: ['grammo', 'grammi'],
    '°C': ['grado', 'gradi'],
    '°': ['grado', 'gradi'],
    '%': ['per cento', 'per cento'],
  },
  signs: { '&': 'e', '+': 'più', '=': 'uguale', '×': 'per', '÷': 'diviso', '@': 'chiocciola', '#': 'numero' },
  to: 'a',
  dot: 'punto',
  at: 'chiocciola',
  slash: 'barra',
  abbreviations: {
    'Sig.': 'signor',
    'Sig.ra': 'signora',
    'Dott.': 'dottor',
    'Dott.ssa': 'dottoressa',
    'ecc.': 'eccetera',
    'etc.': 'eccetera',
  },
}

const portuguese: SpokenWords = {
  currencies: {
    R$: ['real', 'reais', 'centavos'],
    $: ['dólar', 'dólares', 'centavos'],
    '€': ['euro', 'euros', 'cêntimos'],
    '£': ['libra', 'libras', 'pence'],
  },
  and: 'e',
  clock: (hours, minutes) => `${hours} horas${minutes === '00' ? '' : ` e ${Number(minutes)}`}`,
  units: {
    km: ['quilômetro', 'quilômetros'],
    'km/h': ['quilômetro por hora', 'quilômetros por hora'],
    m: ['metro', 'metros'],
    cm: ['centímetro', 'centímetros'],
    kg: ['quilo', 'quilos'],
    g: ['grama', 'gramas'],
    '°C': ['grau', 'graus'],
    '°': ['grau', 'graus'],
    '%': ['por cento', 'por cento'],
  },
  signs: {
    '&': 'e',
    '+': 'mais',
    '=': 'igual a',
    '×': 'vezes',
    '÷': 'dividido por',
    '@': 'arroba',
    '#': 'número',
  },
  to: 'a',
  dot: 'ponto',
  at: 'arroba',
  slash: 'barra',
  abbreviations: {
    'Sr.': 'senhor',
    'Sra.': 'senhora',
    'Dr.': 'doutor',
    'Dra.': 'doutora',
    'etc.': 'et cetera',
  },
}

const TABLES: Readonly<Record<string, SpokenWords>> = {
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  pt: portuguese,
}

/** Undefined for a language without a table. */
export function spokenWordsOf(language: string): SpokenWords | undefined {
  return TABLES[language.toLowerCase().split(/[-_]/)[0] ?? '']
}
