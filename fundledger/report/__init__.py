"""Tables, forms and pages for people and auditors."""
