package hubspot

// demoSeed is what a new portal holds: the seller and the customer of the demo meeting, with two deals of which one is
// still open, and a few others to pick among.
func demoSeed() seed {
	return seed{
		Owners: []owner{
			{ID: "7001", Email: "mariana.rios@andamio.example", FirstName: "Mariana", LastName: "Ríos"},
			{ID: "7002", Email: "bruno.diaz@andamio.example", FirstName: "Bruno", LastName: "Díaz"},
		},
		Contacts: []map[string]string{
			{
				"id": "101", "email": "pedro.garcia@delvalle.example", "firstname": "Pedro", "lastname": "García",
				"company": "Distribuidora del Valle", "hubspot_owner_id": "7001",
			},
			{"id": "102", "email": "jorge.salas@norte.example", "firstname": "Jorge", "lastname": "Salas", "company": "Grupo Norte"},
			{"id": "103", "email": "maria.lopez@sur.example", "firstname": "María", "lastname": "López", "company": "Sur Logística"},
		},
		Deals: []map[string]string{
			{
				"id": "901", "dealname": "Distribuidora del Valle - piloto", "dealstage": "closedlost", "pipeline": "default",
				"amount": "120000", "deal_currency_code": "MXN", "contactId": "101",
			},
			{
				"id": "902", "dealname": "Distribuidora del Valle - 2026", "dealstage": "presentationscheduled", "pipeline": "default",
				"amount": "750000", "deal_currency_code": "MXN", "hubspot_owner_id": "7001", "contactId": "101",
			},
		},
	}
}
