package meetingsuc

// DefaultZone is where a day begins that comes without a zone: the reports' and displays' default.
const DefaultZone = "America/Mexico_City"
