/** Whether words speak of something good or bad: short lists of what people say of their own state, and what turns it round. */

interface Words {
  readonly good: RegExp
  readonly bad: RegExp
  /** Right before one of them: the opposite is meant. */
  readonly not: RegExp
}

const LANGUAGES: Readonly<Record<string, Words>> = {
  en: {
    good: /^(great|good|wonderful|amazing|awesome|fantastic|excellent|perfect|brilliant|love|loved|lovely|happy|glad|delighted|thrilled|excited|exciting|won|win|winning|best|beautiful|nice|fun|thanks|thank|hooray|yay|wow|congratulations|proud|relieved|passed|born|engaged|married|promoted|celebrate)$/,
    bad: /^(bad|terrible|awful|horrible|worst|hate|hated|sad|unhappy|angry|furious|mad|upset|annoyed|annoying|frustrated|frustrating|worried|worry|afraid|scared|crying|cry|cried|lost|lose|losing|broken|broke|breaks|fail|failed|fails|failing|died|dead|death|dying|sick|ill|hurt|hurts|pain|alone|lonely|wrong|problem|problems|stupid|ridiculous|unacceptable|useless|disappointed|disappointing|stolen|cancelled|canceled|late|tired|stuck|ruined|miss|missed|fired|sorry|fault|never|nobody|nothing|crashed|crash|crashing|error)$/,
    not: /^(not|no|never|isn't|wasn't|don't|doesn't|didn't|can't|cannot|without|hardly)$/,
  },
  es: {
    good: /^(bien|buen[oa]s?|genial|maravillos[oa]s?|increíble|fantástic[oa]s?|excelente|perfect[oa]s?|encanta|encantad[oa]s?|amo|feliz|felices|content[oa]s?|alegre|alegría|ilusión|emocionad[oa]s?|gané|ganamos|ganado|mejor|hermos[oa]s?|bonit[oa]s?|divertid[oa]s?|gracias|viva|bravo|enhorabuena|orgullos[oa]s?|aliviad[oa]s?|aprobé|aprobado|nacido|casamos|ascendido)$/,
    bad: /^(mal|mal[oa]s?|terribles?|horribles?|peor|odio|triste|tristes|enfadad[oa]s?|enojad[oa]s?|furios[oa]s?|molest[oa]s?|frustrad[oa]s?|preocupad[oa]s?|miedo|asustad[oa]s?|llorar|llorando|perdí|perdid[oa]s?|pierdo|rot[oa]s?|rompió|falla|falló|fallado|fracaso|murió|muert[oa]s?|enferm[oa]s?|duele|dolor|sol[oa]s?|problemas?|estúpid[oa]s?|ridícul[oa]s?|inaceptable|inútil|decepcionad[oa]s?|robaron|robado|cancelado|tarde|cansad[oa]s?|atascad[oa]s?|despidieron|culpa|nunca|nadie|nada|error)$/,
    not: /^(no|sin|nunca|tampoco|apenas)$/,
  },
}

/** −1 … 1; 0 where nothing is known of the words or of the language (a primary subtag). */
export function wordValence(text: string, language: string): number {
  const words = LANGUAGES[language]
  if (!words) return 0
  let sum = 0
  let counted = 0
  const spoken = text.toLowerCase().match(/[\p{L}']+/gu) ?? []
  spoken.forEach((word, index) => {
    const sign = words.good.test(word) ? 1 : words.bad.test(word) ? -1 : 0
    if (sign === 0) return
    const turned = spoken.slice(Math.max(0, index - 2), index).some((before) => words.not.test(before))
    sum += turned ? -sign : sign
    counted++
  })
  return counted === 0 ? 0 : sum / counted
}
