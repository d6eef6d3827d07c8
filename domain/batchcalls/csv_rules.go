package batchcalls

import "github.com/tertulia-dev/tertulia/domain/fault"

// Rules that a file, its mapping or a row can break. Each has a sentence in the catalogue.
const (
	NotCSV         fault.Code = "NOT_CSV"          // a spreadsheet's own format, or UTF-16
	TooManyColumns fault.Code = "TOO_MANY_COLUMNS" // params: max
	NoHeader       fault.Code = "NO_HEADER"        // the first line is a customer already
	NoSuchColumn   fault.Code = "NO_SUCH_COLUMN"   // the mapping names a header that the file has not, or has twice
	OnePhoneColumn fault.Code = "ONE_PHONE_COLUMN" // none, or several
	TwiceTheSame   fault.Code = "TWICE"
	ProvidersOwn   fault.Code = "PROVIDERS_OWN" // params: prefix
	WrongColumns   fault.Code = "WRONG_COLUMNS" // params: expected, found
	BadQuotes      fault.Code = "BAD_QUOTES"
	BadPhone       fault.Code = "BAD_PHONE"       // params: region, where there is one
	ShortenedPhone fault.Code = "SHORTENED_PHONE" // 5.25512E+11
	NotANumber     fault.Code = "NOT_A_NUMBER"
	NotABoolean    fault.Code = "NOT_A_BOOLEAN"
)
