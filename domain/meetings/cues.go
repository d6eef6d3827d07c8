package meetings

import (
	"slices"
	"strings"
)

// cues are folded phrases by which the extractive analyser recognises what a sentence does.
type cues struct {
	commit    []string // the speaker will do something
	ask       []string // somebody else is to do something
	agreed    []string // the next step of both
	decision  []string
	objection []string
	interest  []string // a need or a chance to sell
	positive  []string // the customer goes along
	relief    []string // an objection is taken back
	value     []string // what the product does for the customer
	discovery []string // needs, budget, deciders, dates
	showing   []string // a demonstration is going on
	bargain   []string // a negotiation is going on
}

// cuesFor returns the cues of the language; of all three for one we do not know.
func cuesFor(language string) cues {
	switch language {
	case "es":
		return spanishCues()
	case "en":
		return englishCues()
	case "pt":
		return portugueseCues()
	default:
		return spanishCues().and(englishCues()).and(portugueseCues())
	}
}

func (c cues) and(d cues) cues {
	return cues{
		commit: slices.Concat(c.commit, d.commit), ask: slices.Concat(c.ask, d.ask), agreed: slices.Concat(c.agreed, d.agreed),
		decision: slices.Concat(c.decision, d.decision), objection: slices.Concat(c.objection, d.objection),
		interest: slices.Concat(c.interest, d.interest), positive: slices.Concat(c.positive, d.positive),
		relief: slices.Concat(c.relief, d.relief),
		value:  slices.Concat(c.value, d.value), discovery: slices.Concat(c.discovery, d.discovery),
		showing: slices.Concat(c.showing, d.showing), bargain: slices.Concat(c.bargain, d.bargain),
	}
}

func phrases(s string) []string {
	list := strings.Split(s, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

func spanishCues() cues {
	return cues{
		commit: phrases(`te mando|le mando|les mando|te envio|le envio|les envio|les envie|te comparto|les comparto|le comparto|
			voy a enviar|voy a mandar|voy a preparar|voy a revisar|voy a hablar|voy a consultar|voy a pedir|voy a armar|lo reviso|
			te lo mando|se los mando|se lo mando|se los envio|se lo envio|me comprometo|me encargo|yo preparo|yo reviso|yo consulto|
			lo preparo|les preparo|te preparo|lo consulto|lo veo con|lo platico con|lo hablo con|te confirmo|les confirmo|le confirmo|
			te aviso|les aviso|les paso|te paso`),
		ask: phrases(`mandame|mandamela|mandamelo|enviame|mandenme|enviennos|nos mandas|nos envias|me mandas|me envias|queda pendiente|
			preparame|comparteme`),
		agreed: phrases(`quedamos|agendamos|agendemos|nos vemos|siguiente paso|siguientes pasos|proximo paso|proximos pasos|
			proxima reunion|siguiente reunion|siguiente sesion|nos reunimos|firmamos|arrancamos|empezamos el|damos seguimiento`),
		decision: phrases(`decidimos|quedamos en|quedamos que|acordamos|vamos con|nos vamos con|entonces hacemos|se aprueba|
			aprobado|queda definido|definimos|la decision es|optamos por`),
		objection: phrases(`caro|cara|costoso|muy alto|se nos sale|fuera de presupuesto|no tenemos presupuesto|el presupuesto|
			me preocupa|nos preocupa|preocupacion|no estoy seguro|no estoy segura|no me convence|tengo dudas|tengo una duda|
			no tenemos tiempo|no es prioridad|ya usamos|ya tenemos|la competencia|otra propuesta|mas barato|complicado|riesgo|
			mala experiencia|no funciono|que pasa si|tendria que consultarlo|lo tengo que consultar|no se si|el problema es|descuento`),
		interest: phrases(`nos interesa|me interesa|nos gustaria|me gustaria|necesitamos|necesito|estamos buscando|buscamos|nos urge|
			queremos|quisieramos|nos serviria|seria ideal|nos ayudaria|otras sucursales|otra sucursal|vamos a abrir|estamos creciendo|
			a futuro|mas adelante|el proximo ano`),
		positive: phrases(`me gusta|nos gusta|me parece bien|nos parece bien|me parece|perfecto|excelente|de acuerdo|hace sentido|
			tiene sentido|suena bien|adelante|claro que si|va|listo|me queda claro|buenisimo|me late|trato hecho`),
		relief: phrases(`ya no me preocupa|no me preocupa|no nos preocupa|no es problema|no hay problema|me quedo tranquilo|
			me quedo tranquila|me siento comoda|me siento comodo`),
		value: phrases(`te permite|les permite|le permite|ahorra|ahorran|ahorro|ahorrar|reduce|reducir|reducen|beneficio|beneficios|
			automatiza|automatico|automaticamente|en tiempo real|sin costo|incluye|incluido|soporte|garantia|garantizamos|
			clientes como|otro cliente|un cliente|caso de exito|resultado|retorno|integra|se integra|evita|evitan|mejora`),
		discovery: phrases(`presupuesto|cuantos usuarios|cuantas personas|cuantos|quien decide|quien toma la decision|quien mas|
			que problema|que necesitan|como lo hacen|hoy como|actualmente|para cuando|que fecha|que sistema|que usan|
			que esperan|cual es su|cuentame|cuentenme|me platicas|me platican|que les duele|cuanto tiempo`),
		showing: phrases(`aqui ven|aqui pueden ver|como ven|en pantalla|comparto pantalla|mi pantalla|les muestro|te muestro|le muestro|
			voy a mostrar|dar clic|hago clic|este boton|este tablero|este modulo|demo|demostracion|el tablero`),
		bargain: phrases(`descuento|precio|contrato|forma de pago|anual|mensual|por ciento|cotizacion|propuesta economica|
			condiciones|firmamos|firmar|factura|facturacion|meses sin|rebaja|licencia|licencias`),
	}
}

func englishCues() cues {
	return cues{
		commit: phrases(`i ll send|i will send|we ll send|we will send|i ll share|i ll prepare|i ll check|i ll follow up|i ll get back|
			i ll talk|i ll ask|i can send|we ll prepare|we ll follow up|i m going to send|let me check|let me send|i ll take|i ll do`),
		ask: phrases(`send me|send us|could you send|can you send|action item|please send`),
		agreed: phrases(`next step|next steps|next meeting|let s schedule|let s meet|let s set up|follow up meeting|we ll meet|see you on|
			talk again|get started`),
		decision: phrases(`we decided|we ve decided|we have decided|let s go with|we ll go with|we agreed|we agree|it s decided|
			the decision is|approved|we re going with|we re going to use|we ll use|we should have|i think we should`),
		objection: phrases(`too expensive|expensive|budget|concern|concerned|concerns|worried|not sure|not convinced|don t have time|
			not a priority|already use|already have|competitor|another vendor|cheaper|complicated|risk|bad experience|what if|
			i need to check|problem is|the problem|discount|i don t think`),
		interest: phrases(`interested in|we d like|i d like|we need|i need|looking for|we want|would help|would be great|in the future|
			next year|we re growing|other offices`),
		positive: phrases(`sounds good|makes sense|i like|we like|great|perfect|agreed|that works|excellent|absolutely|good idea|deal`),
		relief:   phrases(`not a problem|no problem|no longer a concern|not worried|i m comfortable|no concerns`),
		value: phrases(`lets you|allows you|saves|save|reduces|reduce|benefit|benefits|automates|automatically|real time|no cost|
			includes|included|support|guarantee|other customers|a customer|case study|return on|integrates|avoids|improves`),
		discovery: phrases(`budget|how many|who decides|who else|what problem|what do you need|how do you|today how|currently|by when|
			what system|what do you use|tell me|timeline|what are you`),
		showing: phrases(`here you can see|as you can see|on the screen|my screen|share my screen|let me show|i ll show|click|button|
			dashboard|demo|demonstration`),
		bargain: phrases(`discount|price|pricing|contract|payment terms|annual|monthly|percent|quote|proposal|terms|sign|invoice|license|
			licenses`),
	}
}

func portugueseCues() cues {
	return cues{
		commit: phrases(`vou enviar|vou mandar|te envio|te mando|envio para|mando para|vou preparar|vou verificar|vou falar|
			vou consultar|vou pedir|me comprometo|eu preparo|eu verifico|te confirmo|confirmo com|te aviso|aviso voces|compartilho`),
		ask: phrases(`me manda|me envia|nos envia|nos manda|fica pendente`),
		agreed: phrases(`proximo passo|proximos passos|proxima reuniao|agendamos|vamos agendar|marcamos|vamos marcar|ficamos de|
			nos vemos|nos falamos|assinamos|comecamos`),
		decision: phrases(`decidimos|ficou decidido|combinamos|acordamos|vamos com|fechamos|aprovado|ficou definido|a decisao e`),
		objection: phrases(`caro|cara|custoso|orcamento|me preocupa|nos preocupa|preocupacao|nao tenho certeza|nao me convence|
			tenho duvidas|uma duvida|nao temos tempo|nao e prioridade|ja usamos|ja temos|concorrente|outra proposta|mais barato|
			complicado|risco|experiencia ruim|e se|preciso consultar|o problema e|desconto`),
		interest: phrases(`nos interessa|tenho interesse|gostariamos|gostaria|precisamos|preciso|estamos procurando|queremos|ajudaria|
			seria ideal|no futuro|ano que vem|estamos crescendo`),
		positive: phrases(`gostei|gostamos|parece bom|perfeito|excelente|de acordo|faz sentido|combinado|com certeza|otimo|fechado`),
		relief:   phrases(`nao me preocupa|nao e problema|sem problema|fico tranquilo|fico tranquila`),
		value: phrases(`permite|economiza|economia|reduz|reduzir|beneficio|beneficios|automatiza|automaticamente|tempo real|sem custo|
			inclui|incluido|suporte|garantia|outro cliente|um cliente|caso de sucesso|resultado|retorno|integra|evita|melhora`),
		discovery: phrases(`orcamento|quantos usuarios|quantas pessoas|quantos|quem decide|quem mais|qual problema|o que precisam|
			como fazem|hoje como|atualmente|para quando|qual sistema|o que usam|me conta|me contem`),
		showing: phrases(`aqui voces veem|como podem ver|na tela|minha tela|vou mostrar|mostro|clicar|botao|painel|demo|demonstracao`),
		bargain: phrases(`desconto|preco|contrato|forma de pagamento|anual|mensal|por cento|cotacao|proposta comercial|condicoes|
			assinar|fatura|licenca|licencas`),
	}
}
