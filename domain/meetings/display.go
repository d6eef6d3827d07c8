package meetings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// IsCurrency reports whether code is an active ISO 4217 currency, in upper case.
func IsCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
		strings.Contains(currencies, " "+code+" ")
}

// currencies are the active codes of ISO 4217 that name money people are paid in (funds, metals and tests left out).
const currencies = " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD " +
	"CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD " +
	"HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD " +
	"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG " +
	"QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS " +
	"UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "

// DealDisplay is the deal's value for people, as in "$50,000 MXN"; cents only when there are any, "" without a value.
func (c Customer) DealDisplay() string {
	if c.DealValue == nil {
		return ""
	}
	decimals := 0
	if *c.DealValue != math.Trunc(*c.DealValue) {
		decimals = 2
	}
	number := strconv.FormatFloat(*c.DealValue, 'f', decimals, 64)
	whole, cents, hasCents := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasCents {
		whole += "." + cents
	}
	return strings.TrimSpace("$" + whole + " " + c.DealCurrency)
}

// DateDisplay is a time for people in the given zone, as in "15 may 2026, 15:00".
func DateDisplay(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	months := [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}
	return fmt.Sprintf("%d %s %d, %02d:%02d", t.Day(), months[t.Month()-1], t.Year(), t.Hour(), t.Minute())
}

// DurationMinutes is a length in whole minutes, at least one for anything that lasted.
func DurationMinutes(d time.Duration) int {
	if d <= 0 {
		return 0
	}
	return max(1, int(d.Round(time.Minute)/time.Minute))
}

// DurationDisplay is a length for people, as in "47 min" and "1 h 05 min"; "" for none.
func DurationDisplay(d time.Duration) string {
	switch minutes := DurationMinutes(d); {
	case minutes == 0:
		return ""
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	default:
		return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
	}
}
