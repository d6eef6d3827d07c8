package batchcalls

// Phone is a number in E.164 (ITU-T E.164: "+", then 7 to 15 digits). Only numbers in this form are stored and dialled.
type Phone string

// IsE164 reports whether s has the form of an E.164 number. It does not ask whether such a number exists: the documents' own
// +0987654321 passes.
func IsE164(s string) bool {
	const shortest, longest = 7, 15
	if len(s) < shortest+1 || len(s) > longest+1 || s[0] != '+' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
