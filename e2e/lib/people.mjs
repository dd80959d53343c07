// Customers and orders for the journeys, made through the API.

export const CUSTOMERS = [
  { name: { ar: "أحمد بن عبد الله الغامدي", latin: "Ahmed Alghamdi" }, code: "C-1001", stage: "customer", phone: "0501234567", email: "ahmed@example.sa" },
  { name: { ar: "مكتبة جرير التعليمية", latin: "Jareer Educational Bookshop" }, kind: "organisation", code: "C-1002", stage: "loyal", phone: "0114567890" },
  { name: { ar: "محمد الشهري", latin: "Mohammed Alshehri" }, code: "C-1003", stage: "prospect", phone: "0559876543" },
  { name: { ar: "مؤسسة العملاء المتحدون", latin: "United Clients Est." }, kind: "organisation", code: "C-1004", stage: "customer" },
  { name: { ar: "فاطمة الزهراني", latin: "Fatimah Alzahrani" }, code: "C-1005", stage: "prospect", phone: "0533332221" },
  { name: { ar: "شركة نجم الخليج للتجارة", latin: "Gulf Star Trading Co." }, kind: "organisation", code: "C-1006", stage: "dormant" },
  { name: { ar: "هدى العتيبي", latin: "Huda Alotaibi" }, code: "C-1007", stage: "suspect" },
];

/** Makes the customers; gives their ids by code. */
export async function customers(api) {
  const ids = {};
  for (const c of CUSTOMERS) ids[c.code] = (await api("POST", "/party", { kind: "person", ...c })).id;
  return ids;
}

/** Two products and an order for every customer with a name in the list, over the last months. */
export async function trade(api, ids) {
  const dates = (await api("POST", "/product", { name: { ar: "تمر سكري فاخر", latin: "Premium Sukkari dates" }, code: "DATES-1" })).id;
  let n = 0;
  for (const party of Object.values(ids)) {
    n += 1;
    const at = new Date(Date.now() - n * 20 * 86_400_000).toISOString();
    const order = await api("POST", "/order", { number: `SO-${9000 + n}`, kind: n === 5 ? "return" : "sale", party, ordered_at: at });
    await api("POST", "/order_line", { order: order.id, product: dates, description: "تمر سكري فاخر", quantity: n * 2, price: { amount: "45.50", currency: "SAR" } });
    if (n % 3) await api("POST", `/order/${order.id}/place`, {});
  }
}
