package batchcallshttp

import (
	"bytes"
	"fmt"
	"testing"
)

// tenThousand is a submission like those of the measured original: 1.8 MB.
func tenThousand(variables string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"call_name":"Campaña","agent_id":"agent_1","agent_phone_number_id":"phnum_1","recipients":[`)
	for i := range 10_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"phone_number":"+3463%07d",`+variables+`}`, i)
	}
	b.WriteString(`],"phone_provider":"sip_trunk"}`)
	return b.Bytes()
}

const vars = `"dynamic_variables":{"name":"Juan Pérez","empresa":"Acme Corp","plan":"Plan Premium","ciudad":"Ciudad de México"}`

func BenchmarkSubmissionOfTenThousand(b *testing.B) {
	for name, body := range map[string][]byte{
		"as it is":  tenThousand(`"conversation_initiation_client_data":{` + vars + `}`),
		"rewritten": tenThousand(vars),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				body := repaired(body)
				if !isContainer(body) {
					b.Fatal("no JSON")
				}
				in, found := readSubmission(body)
				if found.total != 0 || len(in.Recipients) != 10_000 {
					b.Fatal(found.total, len(in.Recipients))
				}
			}
		})
	}
}
