### Words of the base module: companies, contacts, activities.
