package meetings

import "strings"

// The commonest words of each language, folded: they tell a language apart and carry no meaning of their own.
const (
	spanishStop = " a al algo alguna alguno ahi ahora ahorita aqui asi aunque bueno cada claro como con cual cuando de del desde " +
		"donde dos e el ella ellas ellos en entonces entre era eran es esa esas ese eso esos esta estaba estamos estan estar este " +
		"esto estos estoy fue ha hace hacer han hasta hay haya he hemos hola igual ir la las le les lo los luego mas me mi mis mira " +
		"muy nada ni no nos nosotros o ok otra otro para pero perfecto poco por porque pues puede pueden puedo que quien quieren " +
		"quiero se sea ser si sin sobre solo son su sus tal tambien tan tanto te tener tenemos tengo ti tiene tienen todo todos tu " +
		"tus un una unas uno unos usted ustedes va vamos van ver vez y ya yo gracias okay ajá aja eh mmm digo dice decir cosa cosas " +
		"cierto verdad bien mejor misma mismo muchas mucho muchos "
	englishStop = " a about actually all also am an and any are as at be because been but by can could did do does doing don done for " +
		"from get go going got had has have he her here hi him his how i if in into is it its just kind know let like ll lot m make " +
		"maybe me mean mm more my no not now of oh okay ok on one or our out re really right s say see she so some something sort t " +
		"thank thanks that the their them then there these they thing things think this those to too uh um up us ve very want was " +
		"way we well were what when where which who will with would yeah yes you your good dunno even more most much many only other put said still than those three two use used well ve re "
	portugueseStop = " a agora ai ainda ao aos as assim ate bem bom cada coisa com como da das de dele dela depois do dos e ela elas " +
		"ele eles em entao era essa esse esta estao estamos estou eu faz fazer foi gente ha isso isto ja la lhe mais mas me mesmo " +
		"meu minha muito na nao nas nem no nos nossa nosso num numa o obrigada obrigado oi ok olha os ou para pela pelo pode por " +
		"porque pra qual quando que quem sao se sem ser sera seu seus sim so sobre sua suas ta tambem tao te tem temos tenho ter " +
		"toda todo todos tudo um uma vai vamos vou voce voces "
)

// isStopWord reports whether the folded word carries no meaning of its own in the language; for one we do not know, in
// any that we do.
func isStopWord(language, word string) bool {
	if len(word) < 2 {
		return true
	}
	key := " " + word + " "
	switch language {
	case "es":
		return strings.Contains(spanishStop, key)
	case "en":
		return strings.Contains(englishStop, key)
	case "pt":
		return strings.Contains(portugueseStop, key)
	default:
		return strings.Contains(spanishStop, key) || strings.Contains(englishStop, key) || strings.Contains(portugueseStop, key)
	}
}

// guessLanguage counts stop words; "" when there are hardly any.
func guessLanguage(t Transcript) string {
	counts := map[string]int{}
	for i, word := range foldedWords(t.FullText()) {
		if i == 2000 {
			break
		}
		for _, language := range []string{"es", "en", "pt"} {
			if len(word) > 1 && isStopWord(language, word) {
				counts[language]++
			}
		}
	}
	best := ""
	for _, language := range []string{"es", "en", "pt"} {
		if counts[language] > counts[best] {
			best = language
		}
	}
	return best
}
