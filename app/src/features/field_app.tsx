export const FieldApp = () => <main />;
